"""The bucket keeps every model, for itself alone."""

import pytest


def test_bucket_refuses_plain_http(stack):
    statements = stack["Resources"]["ModelBucketPolicy"]["Properties"]["PolicyDocument"]

    assert statements["Statement"] == [
        {
            "Sid": "RefusePlainHttp",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [
                {"Fn::GetAtt": ["ModelBucket", "Arn"]},
                {"Fn::Sub": "${ModelBucket.Arn}/*"},
            ],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ]


def test_bucket_is_versioned_and_encrypted(stack):
    bucket = stack["Resources"]["ModelBucket"]

    rules = bucket["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert bucket["Properties"]["VersioningConfiguration"] == {"Status": "Enabled"}
    assert rules == [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]


@pytest.mark.parametrize("name", ["ModelBucket", "ModelBucketPolicy"])
def test_bucket_and_its_policy_outlive_the_stack_but_not_a_failed_first_deploy(stack, name):
    """A deploy that fails would otherwise leave a bucket behind with each try."""
    resource = stack["Resources"][name]

    policies = (resource["DeletionPolicy"], resource["UpdateReplacePolicy"])

    assert policies == ("RetainExceptOnCreate", "Retain")


def test_only_what_was_overwritten_or_deleted_ages_and_that_in_90_days(stack):
    """Not after ten newer ones: a version that prune deleted has one copy, which would stay."""
    lifecycle = stack["Resources"]["ModelBucket"]["Properties"]["LifecycleConfiguration"]

    expiring = {
        key: rule[key] for rule in lifecycle["Rules"] for key in rule if "Expiration" in key
    }

    assert expiring == {"NoncurrentVersionExpiration": {"NoncurrentDays": 90}}
