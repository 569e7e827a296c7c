"""Whole films predicted into memory."""

from .channels import CHANNELS, stored_labels
from .inference import predict_stack


def predict_film(model, frames, settings, batch_size):
    """Predict a whole film into memory, in the form the matching of nuclei takes.

    Parameters
    ----------
    model : keras.Model
        E-U-Net.
    frames : sequence of numpy.ndarray
        Phase (1, height, width); a film of 48 frames of 832 x 832 pixels takes 130 MB.
    settings : dict
        Settings the network was trained with: input_scaling, input_window.
    batch_size : int
        Frames per batch.

    Returns
    -------
    dict
        semantic : list of uint8 (1, height, width), 0 background, 1 live, 2 dead; probability : list of uint8
        (classes, height, width); channels : names of the classes.
    """
    probability = list(predict_stack(model, frames, settings, batch_size))
    semantic = [stored_labels(frame) for frame in probability]
    return {"semantic": semantic, "probability": probability, "channels": CHANNELS}
