"""Errors a user can cause and mend: each message says what was found, what was wanted and what to do."""


class LiveDeadError(Exception):
    """Base of every error of the pipeline that a user can mend."""


class SheetError(LiveDeadError):
    """The sheet of sequences is wrong, or names files that do not exist."""


class SettingsError(LiveDeadError):
    """The configuration is wrong."""


class ImageError(LiveDeadError):
    """An image file is missing, damaged or not of the wanted shape, type or number of frames."""


class DataError(LiveDeadError):
    """Values, read or computed, cannot be used: not finite, empty, or not fitting one another."""


class SplitError(LiveDeadError):
    """The sequences cannot be divided into train, validation and test."""


class ModelError(LiveDeadError):
    """Network weights are missing or do not fit the network that was asked for."""


class OutputError(LiveDeadError):
    """A result cannot be written: no room, no permission, or another run in the same folder."""


class CheckError(LiveDeadError):
    """A stage missed a threshold against the known truth."""


class CondaError(LiveDeadError):
    """Conda is absent, too old, or could not build an environment."""
