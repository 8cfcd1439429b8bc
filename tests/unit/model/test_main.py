import pkgutil
import subprocess
import sys

import pytest

from model import commands
from model.__main__ import main

NAMES = [module.name.replace("_", "-") for module in pkgutil.iter_modules(commands.__path__)]


def test_help_lists_every_command(capsys):
    with pytest.raises(SystemExit) as left:
        main(["--help"])

    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    listed = {words[0] for words in lines if words}
    assert left.value.code == 0
    assert set(NAMES) <= listed


@pytest.mark.parametrize("name", NAMES)
def test_command_explains_itself_under_its_own_name(name, capsys):
    with pytest.raises(SystemExit) as left:
        main([name, "--help"])

    assert left.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: python -m model {name} ")


def test_flag_may_stand_between_files(capsys):
    status = main(["sam-invoke", "none.json", "--verbose", "event.json"])

    assert status == 2
    assert capsys.readouterr().err.startswith("error: none.json: can't be read")


def test_unknown_command_is_told_which_there_are(capsys):
    with pytest.raises(SystemExit) as left:
        main(["publsih"])

    assert left.value.code == 2
    assert "publish" in capsys.readouterr().err.replace("publsih", "")


def test_error_of_the_users_is_one_line_and_status_2(capsys):
    status = main(["publish", "none.json"])

    assert (status, capsys.readouterr().err) == (
        2,
        "error: none.json: can't be read (No such file or directory)\n",
    )


def test_asking_the_registry_loads_no_scikit_learn():
    program = (
        "import sys; from model.__main__ import main\n"
        "try: main(['versions', '--help'])\n"
        "finally: print(sorted({'sklearn', 'pandas', 'boto3'} & sys.modules.keys()))"
    )

    result = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)  # noqa: S603  ours

    assert result.stdout.splitlines()[-1] == b"[]"
