"""What ends a bulk run, whatever part of it meets it; a bad row doesn't, it is told in the answer.

BulkError               what whoever started the run is told
├── RequestError        the run's request can't be carried out as it stands
├── TableError          the input is no table that the model can score
├── ChangedError        the input, or the model, is no longer the one that was planned with
├── IncompleteError     a part is missing, or its worker has failed for good
└── FaultError          what should not happen, or S3 out of reach; may pass
The state machine knows the classes by name: it tries again after the last only.
"""


class BulkError(Exception):
    """Base of them all; the message is one plain sentence, with no customer's value."""


class RequestError(BulkError):
    """The run's request can't be carried out as it stands."""


class TableError(BulkError):
    """The input is no table that the model can score."""


class ChangedError(BulkError):
    """The input, or the model, is no longer the one that was planned with."""


class IncompleteError(BulkError):
    """A part is missing, or its worker has failed for good."""


class FaultError(BulkError):
    """What should not happen, or S3 out of reach; it may pass."""
