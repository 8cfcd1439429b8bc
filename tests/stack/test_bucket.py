"""The bucket keeps every model, for itself alone."""


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


def test_bucket_is_versioned_encrypted_and_outlives_the_stack(stack):
    bucket = stack["Resources"]["ModelBucket"]

    rules = bucket["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert bucket["Properties"]["VersioningConfiguration"] == {"Status": "Enabled"}
    assert rules == [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
    assert (bucket["DeletionPolicy"], bucket["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_only_what_was_overwritten_or_deleted_ages(stack):
    lifecycle = stack["Resources"]["ModelBucket"]["Properties"]["LifecycleConfiguration"]

    expiring = [key for rule in lifecycle["Rules"] for key in rule if "Expiration" in key]

    assert expiring == ["NoncurrentVersionExpiration"]
