"""What a log line of counts is called, and what such lines add up to."""

EVENT = "customer_counts"
