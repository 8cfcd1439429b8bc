"""May the new version take over: both are asked, and every difference is declared or refused."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from comparison.answer import NO_ANSWER, OK, Answer
from comparison.declared import is_declared, read_declared
from comparison.differences import Difference, find_differences
from comparison.questions import Question, ask_http, make_questions, name_route

MAX_TOLD = 5  # differences in a report
LOOK_EVERY_S = 5.0  # whether both serve the same model by now
DOCUMENTS = {"GET /", "GET /openapi.json"}  # routes whose body describes the version itself
# Read when the version last looked, which is no difference between versions.
PASSING = {("GET /model", "body.monitoring")}

Ask = Callable[[dict], Answer | None]  # of a version; None where there is no such version


@dataclass(frozen=True)
class Clock:
    """Time in seconds: what it is, how to let it pass, and when it is over."""

    now: Callable[[], float]
    sleep: Callable[[float], None]
    end: float

    @property
    def is_over(self) -> bool:
        """Whether nothing more may be waited for."""
        return self.now() >= self.end


@dataclass
class Verdict:
    """What came of it: `refused` says why the new version may not take over."""

    questions: int = 0
    declared: int = 0  # differences that the API's changes name
    model: str | None = None
    refused: list[str] = field(default_factory=list)

    def refuse(self, reason: str) -> None:
        """Note a reason; the first few are enough."""
        if len(self.refused) < MAX_TOLD:
            self.refused.append(reason)


def compare_versions(live: Ask, new: Ask, events: list[Question], clock: Clock) -> Verdict:
    """Return whether the new version answers as the live one does.

    It is asked the events first, then about made-up customers of the model that serves. A crash
    ends it at once.

    Raises:
        botocore.exceptions.ClientError, BotoCoreError: Lambda can't be asked.
    """
    verdict = Verdict()
    description = ask_http("GET", "/openapi.json")
    declared = read_declared(live(description), new(description))
    for name, event in [*events, *_question_model(live, new)]:
        before, after = _ask_both(live, new, event, clock)
        verdict.questions += 1
        verdict.model = after.model or verdict.model
        route = name_route(event)
        for place, kind in _find(before, after, route):
            if is_declared(declared, route, place):
                verdict.declared += 1
            elif not is_declared(PASSING, route, place):
                verdict.refuse(f"{name}: {place}: {kind}")
        if after.crash:
            break
        if clock.is_over:
            verdict.refuse(f"{name}: the time is over")
            break
    return verdict


def _question_model(live: Ask, new: Ask) -> list[Question]:
    """Return the questions about the model that serves; none where there is none."""
    question = ask_http("GET", "/model")
    for ask in (live, new):
        answer = ask(question)
        if answer and answer.status == OK:
            return make_questions(json.loads(answer.body)["features"])
    return []


def _ask_both(live: Ask, new: Ask, event: dict, clock: Clock) -> tuple[Answer | None, Answer]:
    """Return both answers, of the same model where time allows.

    After a promotion a warm function serves the old model for up to MODEL_REFRESH_SECONDS.
    """
    while True:
        before, after = live(event), new(event) or Answer(NO_ANSWER, crash="no such version")
        if not _serve_others(before, after) or clock.is_over:
            return before, after
        clock.sleep(LOOK_EVERY_S)


def _serve_others(before: Answer | None, after: Answer) -> bool:
    if before is None or None in {before.model, after.model}:
        return False
    return before.model != after.model


def _find(before: Answer | None, after: Answer, route: str) -> list[Difference]:
    if _serve_others(before, after):
        return [("model", "another one than the live version's")]
    return find_differences(before, after, is_document=route in DOCUMENTS)
