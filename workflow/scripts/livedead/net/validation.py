"""Loss and Dice score of whole labelled frames."""

from statistics import fmean

import keras
import numpy as np

from .channels import CHANNEL_LABELS, one_hot
from .inference import predict_probability


def validate(model, frames, loss, settings):
    """Score a network on whole frames, as if all of them were one batch.

    Parameters
    ----------
    model : keras.Model
        E-U-Net.
    frames : sequence of (phase, labels)
        Arrays (height, width).
    loss : SegmentationLoss
        Loss of the training.
    settings : dict
        Section `train` of the settings: input_scaling, input_window.

    Returns
    -------
    dict of float
        validation_loss; validation_dice: mean of live and dead of the arg-max Dice scores over all pixels,
        without a class that neither occurs nor is predicted.
    """
    sums = np.zeros((3, len(CHANNEL_LABELS)))
    confusion = np.zeros((3, 3), dtype=np.int64)
    phases = (frames[number][0] for number in range(len(frames)))
    predicted = predict_probability(model, phases, settings["input_scaling"], settings["input_window"], 1)
    for number, probability in enumerate(predicted):
        target = one_hot(frames[number][1])
        # Frames are summed in float64: the sum over a large set must not lose the small focal terms.
        sums += keras.ops.convert_to_numpy(loss.sums(target[np.newaxis], probability[np.newaxis]))
        pairs = 3 * target.argmax(axis=-1) + probability.argmax(axis=-1)
        confusion += np.bincount(pairs.ravel(), minlength=9).reshape(3, 3)
    cells = [score for score in class_dice(confusion.tolist())[:2] if score is not None]
    return {
        "validation_loss": float(loss.value(sums)),
        "validation_dice": fmean(cells) if cells else None,
    }


def class_dice(label_counts):
    """Dice score of every class from the pixel counts of arg-max label maps.

    Parameters
    ----------
    label_counts : array-like
        (classes, classes), pixels; rows true, columns predicted.

    Returns
    -------
    list of float
        2 TP / (2 TP + FP + FN) of every class; None for a class that neither occurs nor is predicted.
    """
    scores = []
    for k in range(len(label_counts)):
        area = sum(label_counts[k]) + sum(row[k] for row in label_counts)
        scores.append(float(2 * label_counts[k][k] / area) if area else None)
    return scores
