"""From a model file and a customer record to an answer, in standard-library Python."""
