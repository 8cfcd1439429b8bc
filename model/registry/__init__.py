"""Published versions in S3: which one is live, who made it so, and whether it may be."""
