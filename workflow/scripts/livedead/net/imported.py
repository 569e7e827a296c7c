"""Networks of others: weights that `segmentation_models` wrote, and a card that lets the pipeline use them."""

from .channels import CHANNELS
from .eunet import build_eunet
from .merging import COUNTS_AS, check_outputs
from .modelcard import software
from .stages import network_stages
from .weight_files import load_by_name

# Constants of Keras' batch normalisation, which `segmentation_models` leaves as they are.
_MOMENTUM, _EPSILON = 0.99, 1e-3


def imported_network(file, encoder, outputs, source, pixel_size_um=None):
    """Build the E-U-Net that a weights file of `segmentation_models` belongs to, and its card.

    Parameters
    ----------
    file : str or pathlib.Path
        HDF5 file of an older Keras version.
    encoder : str
        "B0" to "B7".
    outputs : list of str
        Classes of the network in the order of its channels; injured ones count as live.
    source : dict
        Where the weights come from, for the card: name and sha256 of the file.
    pixel_size_um : float, optional
        Pixel of the phase the network learned; without it nothing is resampled.

    Returns
    -------
    tuple
        Network (keras.Model) with all its classes, and model card (dict).

    Raises
    ------
    SettingsError
        If the encoder is unknown.
    ModelError
        If the classes are not known, or the weights are not those of this network.

    References
    ----------
    The authors' preprocessing: every image from its smallest to its largest value, three equal channels, mean and
    standard deviation of ImageNet.
    """
    check_outputs(outputs)
    model = build_eunet(encoder, len(outputs), _MOMENTUM, _EPSILON)
    load_by_name(model, file, what=f"the E-U-Net with encoder {encoder} and {len(outputs)} classes")
    card = {
        "name": model.name,
        "encoder": encoder,
        "parameters": model.count_params(),
        "classes": list(CHANNELS),
        "outputs": list(outputs),
        "counts_as": {name: COUNTS_AS[name] for name in outputs},
        "stages": network_stages(model),
        "settings": {
            "encoder": encoder,
            "input_scaling": "per_image",
            "input_window": [0.0, 1.0],
            "batch_norm_momentum": _MOMENTUM,
            "batch_norm_epsilon": _EPSILON,
        },
        "seed": 0,
        "source": source,
        "pixel_size_um": pixel_size_um,
        "phase_unit": "grey",
        "versions": software(),
    }
    return model, card
