"""Published weights of the encoders, ImageNet and noisy student, as the `efficientnet` package knows them.

The package holds the addresses and the checksums; files are kept in Keras' cache.
"""

import hashlib
import os
from pathlib import Path

import keras
from efficientnet import weights as known

from ..desk.errors import ModelError

PUBLISHED_WEIGHTS = ("imagenet", "noisy-student")


def published_weights(encoder, which):
    """Find the weights of an encoder without its top in Keras' cache, or download them there.

    Parameters
    ----------
    encoder : str
        "B0" to "B7".
    which : str
        One of `PUBLISHED_WEIGHTS`.

    Returns
    -------
    pathlib.Path
        File whose checksum is that of the package.

    Raises
    ------
    ModelError
        If a file in the cache is another one, or there is none and it cannot be downloaded.
    """
    address, checksum = _source(encoder, which)
    cache = Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser()
    file = cache / "models" / address.rpartition("/")[2]
    kind = "sha256" if len(checksum) == 64 else "md5"
    if not file.exists():
        try:
            # Without the folder Keras would look elsewhere.
            cache.mkdir(parents=True, exist_ok=True)
            keras.utils.get_file(
                file.name, address, cache_dir=str(cache), cache_subdir="models", file_hash=checksum, hash_algorithm=kind
            )
        except Exception as error:
            # Keras raises a bare Exception when a download fails.
            raise ModelError(
                f"The {which} weights of EfficientNet-{encoder} are not in {file} and could not be downloaded from "
                f"{address} ({error}). Fetch the file where there is a network, put it there by hand ({kind} "
                f"{checksum}) or name it in train.encoder_weights; or set that to none."
            ) from error
    found = _digest(file, kind) if file.exists() else "nothing"
    if found != checksum:
        raise ModelError(
            f"{file}: not the {which} weights of EfficientNet-{encoder} ({kind} {found}, wanted {checksum}); delete "
            f"it and fetch {address} again."
        )
    return file


def weights_origin(encoder, weights):
    """Say which file an encoder starts from.

    Parameters
    ----------
    encoder : str
        "B0" to "B7".
    weights : str
        Setting `train.encoder_weights`.

    Returns
    -------
    dict or None
        name (the setting), file (its name without folder), sha256; None where the encoder starts from random numbers.

    Raises
    ------
    ModelError
        If published weights cannot be had.
    """
    if str(weights) == "none":
        return None
    file = published_weights(encoder, weights) if weights in PUBLISHED_WEIGHTS else Path(weights)
    return {"name": str(weights), "file": file.name, "sha256": _digest(file, "sha256")}


def _source(encoder, which):
    """Address and checksum of the weights without top."""
    model = f"efficientnet-{encoder.lower()}"
    if which == "imagenet":
        name = f"{model}_weights_tf_dim_ordering_tf_kernels_autoaugment_notop.h5"
        return known.IMAGENET_WEIGHTS_PATH + name, known.IMAGENET_WEIGHTS_HASHES[model][1]
    return known.NS_WEIGHTS_PATH + f"{model}_noisy-student_notop.h5", known.NS_WEIGHTS_HASHES[model][1]


def _digest(file, kind):
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, kind).hexdigest()
