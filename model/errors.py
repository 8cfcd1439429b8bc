"""Every error a user of the command line can get; the message says what, where and what to do."""


class ModelError(Exception):
    """Base of them all: printed as one line, exit status 2."""


class DataError(ModelError):
    """The table can't be used; names file, column and row where there is one."""


class ExportError(ModelError):
    """A fitted pipeline that the function couldn't reproduce exactly."""


class ParityError(ModelError):
    """The function's own code disagrees with scikit-learn."""


class RegistryError(ModelError):
    """The registry refused a change, or can't be reached."""


class VerifyError(ModelError):
    """The API's answer isn't what the model says."""


class BulkRunError(ModelError):
    """A bulk run has failed, or AWS can't be asked about it."""


class StackError(ModelError):
    """There is no such stack, or AWS can't be asked about it."""
