"""Learning rate schedules; each is a pure function, so an interrupted training needs no memory of its own."""

import math

from ..desk.errors import SettingsError

SCHEDULES = ("warmup_cosine", "plateau", "constant")


def warmup_cosine(step, steps, peak, warmup_steps):
    """Rise linearly to the peak, then fall along half a cosine to zero.

    Parameters
    ----------
    step : int
        Step of the whole training, from 0.
    steps : int
        Steps of the whole training.
    peak : float
        Highest learning rate.
    warmup_steps : int
        Steps of the rise.

    Returns
    -------
    float
        Learning rate of the step.

    Raises
    ------
    SettingsError
        If the rise takes the whole training or longer.

    References
    ----------
    Loshchilov and Hutter, SGDR, ICLR 2017; Goyal et al., arXiv:1706.02677 (warm-up).
    """
    if warmup_steps >= steps:
        raise SettingsError(
            f"train.warmup_steps is {warmup_steps} and the training has {steps} steps; wanted fewer warm-up steps."
        )
    if step < warmup_steps:
        return peak * (step + 1) / warmup_steps
    return peak * 0.5 * (1 + math.cos(math.pi * (step - warmup_steps) / (steps - warmup_steps)))


def plateau(validation_losses, start, factor, patience):
    """Multiply the rate by `factor` each time the validation loss has not fallen for `patience` epochs.

    Parameters
    ----------
    validation_losses : sequence of float
        Loss after every finished epoch.
    start : float
        First learning rate.
    factor : float
        The paper: 0.8.
    patience : int
        Epochs; the paper: 10.

    Returns
    -------
    float
        Learning rate of the next epoch.

    References
    ----------
    Paper, Methods; the counting is that of Keras' `ReduceLROnPlateau` with min_delta 0.
    """
    rate, best, waited = start, math.inf, 0
    for loss in validation_losses:
        if loss < best:
            best, waited = loss, 0
            continue
        waited += 1
        if waited >= patience:
            rate, waited = rate * factor, 0
    return rate


def learning_rate(settings, step, steps, validation_losses):
    """Give the learning rate of a step under the schedule of the settings.

    Parameters
    ----------
    settings : dict
        Section `train` of the settings: schedule, learning_rate, warmup_steps, plateau_factor, plateau_patience.
    step, steps : int
        Step of the whole training, from 0, and their number.
    validation_losses : sequence of float
        Loss after every finished epoch.

    Returns
    -------
    float
        Learning rate.

    Raises
    ------
    SettingsError
        If the schedule is unknown or its numbers do not fit the training.
    """
    name, rate = settings["schedule"], settings["learning_rate"]
    if name == "warmup_cosine":
        return warmup_cosine(step, steps, rate, settings["warmup_steps"])
    if name == "plateau":
        return plateau(validation_losses, rate, settings["plateau_factor"], settings["plateau_patience"])
    if name == "constant":
        return rate
    raise SettingsError(f"train.schedule is {name!r}; wanted one of {', '.join(SCHEDULES)}.")
