import pytest

from model.aws_session import open_session

PROFILES = "[profile work]\nregion = eu-central-1\n"


@pytest.fixture
def environment(tmp_path, monkeypatch):
    """Sets variables in an environment that knows nothing else of AWS but one profile."""
    (tmp_path / "config").write_text(PROFILES, encoding="utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    return lambda variables: [monkeypatch.setenv(*pair) for pair in variables.items()]


@pytest.mark.parametrize(
    ("variables", "region"),
    [
        ({}, None),
        ({"AWS_REGION": "eu-west-1"}, "eu-west-1"),
        ({"AWS_DEFAULT_REGION": "us-east-2"}, "us-east-2"),
        ({"AWS_PROFILE": "work"}, "eu-central-1"),
        ({"AWS_DEFAULT_REGION": "us-east-2", "AWS_REGION": "eu-west-1"}, "us-east-2"),
        ({"AWS_DEFAULT_REGION": "", "AWS_REGION": "eu-west-1"}, "eu-west-1"),
        ({"AWS_REGION": "eu-west-1", "AWS_PROFILE": "work"}, "eu-west-1"),
    ],
    ids=["none", "region", "default", "profile", "default-first", "empty", "before-profile"],
)
def test_region_is_found_wherever_aws_tools_put_it(environment, variables, region):
    environment(variables)

    assert open_session().region_name == region
