import pytest
from botocore.endpoint_provider import EndpointProvider
from botocore.exceptions import EndpointProviderError
from botocore.loaders import Loader

from inference.live.s3_address import get_region, locate, needs_boto3

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret"}
LAMBDA = {**CREDENTIALS, "AWS_SESSION_TOKEN": "token", "AWS_REGION": "us-east-2"}
KEY = "models/a b+é.json"
BUCKETS = ("churn-models", "dots.in.name", "n" * 63, "UPPER", "under_score")


@pytest.fixture(scope="module")
def botocore_endpoints():
    loader = Loader()
    partitions = loader.load_data("partitions")
    rules = loader.load_service_model("s3", "endpoint-rule-set-1")
    return partitions, EndpointProvider(rules, partitions)


def describe(address):
    scheme = "https" if address.is_tls else "http"
    return f"{scheme}://{address.host_header}{address.path}"


@pytest.mark.parametrize("bucket", BUCKETS)
@pytest.mark.parametrize("is_dualstack", [False, True], ids=["ipv4", "dualstack"])
@pytest.mark.parametrize("is_fips", [False, True], ids=["plain", "fips"])
def test_every_region_has_botocores_address(botocore_endpoints, bucket, is_fips, is_dualstack):
    partitions, provider = botocore_endpoints
    regions = [
        region
        for partition in partitions["partitions"]
        for region in partition["regions"]
        if not region.endswith("-global")
    ]
    environment = {
        **LAMBDA,
        "AWS_USE_FIPS_ENDPOINT": str(is_fips).lower(),
        "AWS_USE_DUALSTACK_ENDPOINT": str(is_dualstack),
    }

    compared = 0
    for region in regions:
        if needs_boto3({**environment, "AWS_REGION": region}, bucket):
            continue
        compared += 1
        endpoint = provider.resolve_endpoint(
            Bucket=bucket,
            Region=region,
            UseFIPS=is_fips,
            UseDualStack=is_dualstack,
            ForcePathStyle=False,
            Accelerate=False,
            UseGlobalEndpoint=False,
            DisableMultiRegionAccessPoints=False,
        )
        expected = f"{endpoint.url}/models/a%20b%2B%C3%A9.json"
        assert describe(locate(environment, bucket, KEY, region)) == expected

    assert compared >= 34  # regions of the partitions aws, aws-cn and aws-us-gov in 2025


def test_fips_in_china_is_left_to_boto3_which_refuses_it(botocore_endpoints):
    environment = {**LAMBDA, "AWS_REGION": "cn-north-1", "AWS_USE_FIPS_ENDPOINT": "true"}

    with pytest.raises(EndpointProviderError):
        botocore_endpoints[1].resolve_endpoint(
            Bucket="churn-models", Region="cn-north-1", UseFIPS=True, UseDualStack=False
        )
    assert needs_boto3(environment, "churn-models")


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ("http://127.0.0.1:5000", "http://127.0.0.1:5000/churn-models/models/m.json"),
        ("http://minio", "http://minio/churn-models/models/m.json"),
        ("http://minio:80/", "http://minio/churn-models/models/m.json"),
        ("https://s3.corp:443/gate/way/", "https://s3.corp/gate/way/churn-models/models/m.json"),
        (
            "https://bucket.vpce-1a2b.s3.us-east-2.vpce.amazonaws.com",
            "https://bucket.vpce-1a2b.s3.us-east-2.vpce.amazonaws.com/churn-models/models/m.json",
        ),
    ],
)
def test_own_endpoint_holds_the_bucket_in_the_path(endpoint, expected):
    environment = {**LAMBDA, "AWS_ENDPOINT_URL_S3": endpoint}

    address = locate(environment, "churn-models", "models/m.json", "us-east-2")

    assert not needs_boto3(environment, "churn-models")
    assert describe(address) == expected


@pytest.mark.parametrize(
    ("variables", "host"),
    [
        ({"AWS_ENDPOINT_URL": "http://all"}, "all"),
        ({"AWS_ENDPOINT_URL": "http://all", "AWS_ENDPOINT_URL_S3": "http://s3"}, "s3"),
        ({"AWS_ENDPOINT_URL": "http://all", "AWS_ENDPOINT_URL_S3": ""}, "all"),
        ({"AWS_ENDPOINT_URL_S3": ""}, "b.s3.us-east-2.amazonaws.com"),
        (
            {"AWS_ENDPOINT_URL": "http://all", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "TRUE"},
            "b.s3.us-east-2.amazonaws.com",
        ),
    ],
    ids=["for all services", "for S3 first", "empty for S3", "empty", "ignored"],
)
def test_endpoint_variables_rank_as_for_boto3(variables, host):
    assert locate({**LAMBDA, **variables}, "b", "k", "us-east-2").host == host


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {**CREDENTIALS},
        {"AWS_REGION": "us-east-2"},
        {"AWS_REGION": "us-east-2", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.2"},
        {**LAMBDA, "AWS_SECRET_ACCESS_KEY": ""},
        {**LAMBDA, "AWS_PROFILE": "prod"},
        {**LAMBDA, "HTTPS_PROXY": "http://proxy:3128"},
        {**LAMBDA, "AWS_REGION": "eusc-de-east-1"},
        {**LAMBDA, "AWS_REGION": "us-iso-east-1"},
        {**LAMBDA, "AWS_REGION": "aws-global"},
        {**LAMBDA, "AWS_REGION": "us-east-2.evil"},
        {**LAMBDA, "AWS_ENDPOINT_URL_S3": "ftp://host"},
        {**LAMBDA, "AWS_ENDPOINT_URL_S3": "https://user@host"},
        {**LAMBDA, "AWS_ENDPOINT_URL_S3": "https://[::1]:9000"},
        {**LAMBDA, "AWS_ENDPOINT_URL_S3": "https://host:port"},
        {**LAMBDA, "AWS_ENDPOINT_URL_S3": "https://host/?query"},
        {**LAMBDA, "AWS_ENDPOINT_URL_S3": "host"},
    ],
    ids=str,
)
def test_what_the_environment_leaves_open_needs_boto3(environment):
    assert needs_boto3(environment, "churn-models")


@pytest.mark.parametrize(
    "bucket",
    [
        "arn:aws:s3:us-east-2:123456789012:accesspoint/models",
        "models--use2-az1--x-s3",
        "models-op01234567890123456789--ol-s3",
        "mfzwi23gnjvgw.mrap",
    ],
)
def test_what_only_looks_like_a_bucket_needs_boto3(bucket):
    assert needs_boto3(LAMBDA, bucket)


def test_a_default_region_counts_where_lambda_names_none():
    environment = {**CREDENTIALS, "AWS_DEFAULT_REGION": "eu-west-1"}

    assert get_region(environment) == "eu-west-1"
    assert not needs_boto3(environment, "churn-models")
