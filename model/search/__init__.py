"""Looks for boosting's settings that suit the table at hand, within a budget of time."""
