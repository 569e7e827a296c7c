"""Batch normalisation that meets images unlike those of the training halfway."""

import keras
from keras import ops


class AdaptedNormalization(keras.layers.BatchNormalization):
    """Batch normalisation whose mean and variance come in part from the image itself.

    Parameters
    ----------
    share : float
        Part of mean and variance taken from the image, over its pixels; the rest is what the training learned.
    **kwargs
        Of `keras.layers.BatchNormalization`.
    """

    def __init__(self, share, **kwargs):
        super().__init__(**kwargs)
        self.share = share

    def call(self, inputs, training=False, mask=None):
        """Normalise (batch, height, width, channels), each image by itself, so that no image depends on another."""
        mean, variance = ops.moments(inputs, axes=(1, 2), keepdims=True)
        mean = self.share * mean + (1 - self.share) * self.moving_mean
        variance = self.share * variance + (1 - self.share) * self.moving_variance
        return (inputs - mean) * ops.rsqrt(variance + self.epsilon) * self.gamma + self.beta


def adapt_normalisation(model, share):
    """Let every batch normalisation of a network take a share of its statistics from the image it sees.

    Images of another microscope, stain or scaling shift the statistics inside a network, which then calls too
    little, or too much, a nucleus. No truth is needed to correct that: only the image itself.

    Parameters
    ----------
    model : keras.Model
        Trained network.
    share : float
        0: the network itself; 1: nothing but the image counts.

    Returns
    -------
    keras.Model
        Network for prediction with the same weights.

    References
    ----------
    Schneider et al., Improving robustness against common corruptions by covariate shift adaptation, NeurIPS 2020.
    """
    if share == 0:
        return model

    def adapted(layer):
        if isinstance(layer, keras.layers.BatchNormalization):
            return AdaptedNormalization(share, **layer.get_config())
        return layer.__class__.from_config(layer.get_config())

    clone = keras.models.clone_model(model, clone_function=adapted)
    clone.set_weights(model.get_weights())
    return clone
