"""Versions of the deployed function: which one the alias `live` serves, back to one, and fewer."""

from dataclasses import dataclass
from typing import Any

from model.aws_session import REGION_HELP, open_session
from model.errors import StackError

ALIAS = "live"  # as template.yaml calls it


@dataclass(frozen=True)
class Versions:
    """Numbers of a function's versions, oldest first, and the one that is live."""

    numbers: list[int]
    live: int


class CodeVersions:
    """The versions of one function in AWS."""

    def __init__(self, function: str, client: Any = None) -> None:
        """Take a function's name, and boto3's client of Lambda unless it is the environment's."""
        self.function = function
        self._client = client or _connect()

    def read(self) -> Versions:
        """Return what there is.

        Raises:
            StackError: no such function or alias, traffic is shifting, or AWS can't be asked.
        """
        alias = self._ask("get_alias", Name=ALIAS)
        if alias.get("RoutingConfig", {}).get("AdditionalVersionWeights"):
            raise StackError(
                f"function {self.function}: a deploy is shifting traffic; wait for it, or take it "
                "back with `aws cloudformation cancel-update-stack --stack-name …`"
            )
        pages = self._client.get_paginator("list_versions_by_function")
        found = [
            version["Version"]
            for page in pages.paginate(FunctionName=self.function)
            for version in page["Versions"]
        ]
        numbers = sorted(int(version) for version in found if version.isdigit())
        return Versions(numbers, int(alias["FunctionVersion"]))

    def roll_back(self, number: int | None = None) -> tuple[int, int]:
        """Have the alias serve the version before the live one, or that one; return from, to.

        Raises:
            StackError: there is no such version, or as `read` says.
        """
        versions = self.read()
        older = [version for version in versions.numbers if version < versions.live]
        target = number or (older[-1] if older else None)
        if target not in versions.numbers:
            kept = ", ".join(map(str, versions.numbers))
            what = f"no version {number}" if number else f"no version before {versions.live}"
            raise StackError(f"function {self.function}: has {what}; there are {kept}")
        self._ask("update_alias", Name=ALIAS, FunctionVersion=str(target))
        return versions.live, target

    def prune(self, keep: int) -> list[int]:
        """Delete all but the newest versions, the live one and the one before it; return which.

        Raises:
            StackError: as `read` says.
        """
        versions = self.read()
        older = [number for number in versions.numbers if number < versions.live]
        kept = {*versions.numbers[-keep:], versions.live, *older[-1:]}
        dropped = [number for number in versions.numbers if number not in kept]
        for number in dropped:
            self._ask("delete_function", Qualifier=str(number))
        return dropped

    def _ask(self, action: str, **arguments: str) -> Any:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return getattr(self._client, action)(FunctionName=self.function, **arguments)
        except (BotoCoreError, ClientError) as error:
            reason = str(error).splitlines()[0]
            raise StackError(f"function {self.function}: {reason}") from error


def _connect() -> Any:
    from botocore.exceptions import NoRegionError

    try:
        return open_session().client("lambda")
    except NoRegionError as error:
        raise StackError(f"in which AWS region? {REGION_HELP}") from error
