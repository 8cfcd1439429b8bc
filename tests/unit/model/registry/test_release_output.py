import json

import pytest

from model.errors import RegistryError
from model.registry.comparison import Comparison
from model.registry.gate import Check, Verdict
from model.registry.release import Release
from model.registry.release_output import print_release

ENTRY = {"by": "ada", "forced": False}
PASSED = Check("parity", (), "100 rows")
REFUSED = Check("data", ("made up", "too few"), "note")


def compared(segment, high):
    return Comparison("AUC", segment, 1_409, 0.84, 0.85, 0.01, -0.002, high)


def test_release_that_is_live_says_what_it_replaced(capsys):
    verdict = Verdict((PASSED,), tuple(compared(name, place) for place, name in enumerate("abcd")))

    print_release(Release("v2", "v1", verdict, ENTRY), as_json=False)

    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        "Gate",
        "check result why",
        "parity passed 100 rows",
        "",
        "Candidate against live (segments: the 3 that come off worst)",
        "metric customers n live candidate gain from to",
        "AUC a 1,409 0.8400 0.8500 +0.0100 -0.0020 +0.0000",
        "AUC b 1,409 0.8400 0.8500 +0.0100 -0.0020 +1.0000",
        "AUC c 1,409 0.8400 0.8500 +0.0100 -0.0020 +2.0000",
        "",
        "LIVE: v2, after v1 (by ada)",
    ]


@pytest.mark.parametrize(
    ("release", "line"),
    [
        (Release("v1", None, None, ENTRY), "LIVE: v1, the first (by ada)"),
        (
            Release("v2", "v1", None, ENTRY | {"forced": True}),
            "LIVE: v2, after v1 (by ada, FORCED against the gate)",
        ),
        (Release("v1", "v1", None, None), "v1 is live already"),
        (Release("v2", None, None, None), "v2 is in the registry, but not live"),
    ],
    ids=["first", "forced", "again", "stored"],
)
def test_release_is_one_line(release, line, capsys):
    print_release(release, as_json=False)

    assert capsys.readouterr().out == f"{line}\n"


def test_refusal_gives_the_first_reason_after_the_table_of_all(capsys):
    with pytest.raises(RegistryError) as caught:
        print_release(Release("v2", "v1", Verdict((PASSED, REFUSED)), None), as_json=False)

    assert str(caught.value) == ("v2 isn't live: the gate refused it: made up (and 1 more, above)")
    printed = " ".join(capsys.readouterr().out.split())
    assert "data refused note made up too few" in printed


def test_scripts_get_json(capsys):
    release = Release("v1", "v1", None, None)

    print_release(release, as_json=True)

    assert json.loads(capsys.readouterr().out) == release.as_dict()
