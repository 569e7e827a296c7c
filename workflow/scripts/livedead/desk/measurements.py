"""Every measurement a number of the paper can be held against, by name."""

from . import measured_images, measured_results, measured_training

MEASUREMENTS = measured_images.MEASUREMENTS | measured_training.MEASUREMENTS | measured_results.MEASUREMENTS
"""Function of the evidence and a cohort that gives a `Measured` or raises `NotMeasured`."""
