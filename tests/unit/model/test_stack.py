import pytest

from model.errors import StackError
from model.stack import read_stack_name


def test_stack_is_named_as_sam_deploys_it(tmp_path):
    path = tmp_path / "samconfig.toml"
    path.write_text('[prod.global.parameters]\nstack_name = "churn-prod"\n')

    assert read_stack_name(path, "prod") == "churn-prod"


@pytest.mark.parametrize(
    "text", ["", "[prod]\n", "[prod", None], ids=["empty", "bare", "no", "none"]
)
def test_configuration_without_a_name_is_told(tmp_path, text):
    path = tmp_path / "samconfig.toml"
    if text is not None:
        path.write_text(text)

    with pytest.raises(StackError) as caught:
        read_stack_name(path, "prod")

    assert str(caught.value) == f"{path}: has no stack_name for the configuration prod"
