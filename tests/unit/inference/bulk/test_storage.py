import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from inference.bulk.storage import find_object, read_json


@pytest.mark.parametrize(
    ("operation", "ask"), [("head_object", find_object), ("get_object", read_json)]
)
def test_refusal_is_neither_an_absent_nor_a_changed_object(bucket, operation, ask):
    with Stubber(bucket.client) as stubber:
        stubber.add_client_error(operation, "AccessDenied", http_status_code=403)

        with pytest.raises(ClientError):
            ask(bucket, "in/may.csv")
