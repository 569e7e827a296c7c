"""The encoder of a trained network, to start another training from."""

from .encoder import build_encoder


def take_encoder(model, encoder):
    """Copy the encoder out of a trained E-U-Net.

    Parameters
    ----------
    model : keras.Model
        E-U-Net, trained.
    encoder : str
        Its encoder, "B0" to "B7".

    Returns
    -------
    keras.Model
        Encoder alone with the network's weights; its weights file fits `train.encoder_weights`.
    """
    alone = build_encoder(encoder)
    for layer in alone.layers:
        # Layers with weights have the same names in both, but another order.
        if layer.weights:
            layer.set_weights(model.get_layer(layer.name).get_weights())
    return alone
