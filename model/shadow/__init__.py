"""The shadow: a version that scores a sample of the traffic unseen, and what that has shown."""
