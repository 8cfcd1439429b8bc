"""The API, S3 and the SAM CLI on this machine."""
