import numpy as np
import pytest
from livedead.desk.errors import SettingsError
from livedead.net.tiles import tile_spans, tiled
from scipy import ndimage as ndi


def blurred(images):
    """A network that looks 20 pixels far, with nothing beyond the edge."""
    assert images.dtype == np.float32
    channels = [ndi.uniform_filter(images, (1, 41, 41), mode="constant"), images]
    return np.stack(channels, axis=-1)


@pytest.mark.parametrize(
    ("side", "tile", "overlap", "spans"),
    [
        (64, 64, 32, [(0, 0, 64)]),
        (128, 64, 0, [(0, 0, 64), (64, 64, 128)]),
        (160, 96, 32, [(0, 0, 80), (64, 80, 160)]),
        # The last tile ends with the image, and shares more with the one before.
        (160, 64, 32, [(0, 0, 48), (32, 48, 80), (64, 80, 112), (96, 112, 160)]),
        (224, 128, 64, [(0, 0, 96), (64, 96, 144), (96, 144, 224)]),
    ],
)
def test_spans(side, tile, overlap, spans):
    assert tile_spans(side, tile, overlap) == spans


@pytest.mark.parametrize("shape", [(2, 256, 192), (1, 96, 224), (1, 64, 64)])
def test_with_enough_overlap_tiles_are_the_whole(shape):
    images = np.random.default_rng(0).random(shape).astype(np.float32)
    found = tiled(blurred, 96, 64)(images)
    np.testing.assert_allclose(found, blurred(images), atol=1e-6)


def test_without_overlap_only_what_lies_near_a_seam_differs():
    images = np.ones((1, 128, 192), np.float32)
    difference = np.abs(tiled(blurred, 64, 0)(images) - blurred(images))[0, ..., 0] > 1e-6
    rows, columns = (np.abs(np.arange(side)[:, None] - np.arange(64, side, 64)).min(axis=1) for side in (128, 192))
    near = (rows <= 20)[:, None] | (columns <= 20)
    assert difference.any()
    assert not difference[~near].any()


def test_every_tile_has_one_size_and_images_stay_in_one_batch():
    seen = []

    def noted(images):
        seen.append(images.shape)
        return images[..., np.newaxis]

    images = np.random.default_rng(0).random((3, 160, 64)).astype(np.float32)
    np.testing.assert_array_equal(tiled(noted, 96, 32)(images)[..., 0], images)
    assert set(seen) == {(3, 96, 64)}


def test_no_tiles():
    assert tiled(blurred, None, 128) is blurred
    with pytest.raises(SettingsError, match="tile_overlap_px is 96 and predict.tile_px 96"):
        tiled(blurred, 96, 96)
