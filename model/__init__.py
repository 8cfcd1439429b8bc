"""Trains, ranks, checks and publishes churn models; runs on a laptop or in CI, never in Lambda."""
