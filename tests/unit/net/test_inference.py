import keras
import numpy as np
import pytest
from livedead.desk.errors import ModelError
from livedead.net.channels import CHANNELS
from livedead.net.eunet import build_eunet
from livedead.net.inference import predict_probability, predict_sequence, predict_stack, restore_network
from livedead.optics.stacks import StackInfo


def grey_network(batches):
    """Network whose live probability is the grey value itself; notes the shape of every batch."""

    class Grey(keras.Model):
        def predict_on_batch(self, images):
            batches.append(images.shape)
            grey = images[..., 0] * 0.229 + 0.485
            return np.stack([grey, 0 * grey, 1 - grey], axis=-1)

    return Grey()


def test_frames_of_any_size_come_back_in_order_and_size():
    shapes = [(40, 50)] * 5 + [(64, 32)] * 2
    frames = [np.full(shape, k / 10) for k, shape in enumerate(shapes)]
    batches = []
    found = list(predict_probability(grey_network(batches), iter(frames), "window", (0, 1), 2))
    assert [image.shape for image in found] == [(*shape, 3) for shape in shapes]
    for frame, image in zip(frames, found, strict=True):
        np.testing.assert_allclose(image[..., 0], frame, atol=1e-6)
    # Sides are multiples of 32 and the short third batch is filled up.
    assert batches == [(2, 64, 64, 3)] * 3 + [(2, 64, 32, 3)]


def test_frames_are_read_batch_by_batch():
    taken = []

    def frames():
        for k in range(6):
            taken.append(k)
            yield np.zeros((32, 32))

    stream = predict_probability(grey_network([]), frames(), "window", (0, 1), 2)
    next(stream)
    assert len(taken) <= 3


def test_padding_does_not_change_a_pixel_far_from_it():
    keras.utils.set_random_seed(1)
    model = build_eunet("B0")
    rng = np.random.default_rng(0)
    frame = rng.random((32, 64))
    [whole] = predict_probability(model, [frame], "window", (0, 1), 1)
    direct = model.predict_on_batch(
        ((frame[None, ..., None] - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]).astype(np.float32)
    )
    np.testing.assert_allclose(whole, np.asarray(direct)[0], atol=1e-6)
    [odd] = predict_probability(model, [frame[:, :45]], "window", (0, 1), 3)
    assert odd.shape == (32, 45, 3)
    np.testing.assert_allclose(odd.sum(axis=-1), 1, atol=1e-5)


def test_stored_stack():
    frames = [np.full((1, 32, 40), level, np.float32) for level in (-0.6, 0.9, 2.4)]
    settings = {"input_scaling": "window", "input_window": [-0.6, 2.4]}
    found = list(predict_stack(grey_network([]), frames, settings, 2))
    assert [image.shape for image in found] == [(3, 32, 40)] * 3
    assert [image.dtype for image in found] == [np.uint8] * 3
    assert [tuple(image[:, 0, 0]) for image in found] == [(0, 0, 255), (128, 0, 128), (255, 0, 0)]


def test_network_from_card(tmp_path):
    model = build_eunet("B0", 3, 0.9, 0.01)
    model.save_weights(tmp_path / "model.weights.h5")
    settings = {"batch_norm_epsilon": 0.01, "input_scaling": "window", "input_window": [0, 1]}
    card = {"encoder": "B0", "classes": list(CHANNELS), "settings": settings, "seed": 1}
    image = np.random.default_rng(0).normal(size=(1, 32, 32, 3)).astype(np.float32)
    restored = restore_network(card, tmp_path / "model.weights.h5", threads=1)
    np.testing.assert_array_equal(restored.predict_on_batch(image), model.predict_on_batch(image))

    with pytest.raises(ModelError, match="do not fit the E-U-Net with encoder B1"):
        restore_network(card | {"encoder": "B1"}, tmp_path / "model.weights.h5", threads=1)
    with pytest.raises(ModelError, match="no such weights file"):
        restore_network(card, tmp_path / "none.weights.h5", threads=1)
    four = card | {"outputs": ["live", "injured", "dead", "background"]}
    with pytest.raises(ModelError, match="do not fit the E-U-Net with encoder B0 and 4 classes"):
        restore_network(four, tmp_path / "model.weights.h5", threads=1)
    with pytest.raises(ModelError, match="has no seed"):
        restore_network({k: v for k, v in card.items() if k != "seed"}, tmp_path / "model.weights.h5", threads=1)


class Reader(list):
    """Frames with what their stack holds."""

    def __init__(self, frames, pixel_size_um, channel="phase [rad]"):
        super().__init__(frames)
        height, width = frames[0].shape[-2:]
        self.info = StackInfo(len(frames), (channel,), height, width, frames[0].dtype, pixel_size_um, 30.0)


CARD = {"settings": {"input_scaling": "window", "input_window": [0, 1]}, "pixel_size_um": 0.65, "phase_unit": "rad"}


def test_a_sequence_of_finer_pixels_is_predicted_as_at_the_pixels_of_the_network():
    keras.utils.set_random_seed(1)
    model = build_eunet("B0")
    own = np.random.default_rng(0).random((3, 1, 40, 48)).astype(np.float32)
    fine = own.repeat(2, axis=2).repeat(2, axis=3)
    expected = np.stack(list(predict_sequence(model, CARD, Reader(own, 0.65), 2, True))).astype(float)
    found = np.stack(list(predict_sequence(model, CARD, Reader(fine, 0.325), 2, True))).astype(float)
    assert found.shape == (3, 3, 80, 96)
    # Without resampling the network sees blocks of equal pixels as structure.
    unscaled = predict_sequence(model, CARD | {"pixel_size_um": None}, Reader(fine, 0.325), 2, True)
    errors = [
        np.abs(stack.reshape(3, 3, 40, 2, 48, 2).mean((3, 5)) - expected) for stack in (found, np.stack(list(unscaled)))
    ]
    assert np.quantile(errors[0], 0.9) <= 1 < np.mean(errors[1])
    with pytest.raises(ModelError, match="predict.resample is false"):
        predict_sequence(model, CARD, Reader(fine, 0.325), 2, False)


def test_a_fixed_window_of_rad_is_not_laid_over_grey_images():
    grey = Reader([np.zeros((1, 32, 32), np.float32)], 0.65, "phase [grey]")
    with pytest.raises(ModelError, match="learned phase in rad in a fixed window and this sequence is in grey"):
        predict_sequence(None, CARD, grey, 1, True)
    per_image = CARD | {"settings": {"input_scaling": "per_image", "input_window": [0, 1]}}
    [found] = predict_sequence(grey_network([]), per_image, grey, 1, True)
    assert found.shape == (3, 32, 32)
    # A card of an older run does not tell the unit.
    older = {"settings": CARD["settings"]}
    assert len(list(predict_sequence(grey_network([]), older, grey, 1, True))) == 1
