import numpy as np
import pytest
from livedead.optics.stacks import StackInfo
from livedead.paper.napari_layers import film_layers
from livedead.paper.style import DEAD_COLOUR, LIVE_COLOUR


class Reader:
    """Frames made when they are asked for; notes which."""

    def __init__(self, channels, dtype, frames=4):
        self.info = StackInfo(frames, channels, 20, 30, np.dtype(dtype), 0.65, 30.0)
        self.asked = []

    def __len__(self):
        return self.info.frames

    def __getitem__(self, frame):
        self.asked.append(frame)
        return np.stack([np.full((20, 30), 10 * frame + k, self.info.dtype) for k in range(len(self.info.channels))])


def row(track, t, y, x, **others):
    known = {"label": "1", "time_h": "0.5", "area_um2": "100.5", "dry_mass_pg": "", "p_dead": "0.25", "state": "live"}
    return {"track_id": str(track), "t": str(t), "y": str(y), "x": str(x), **known, "parents": "", **others}


@pytest.fixture
def stacks():
    return {
        "phase": Reader(("phase [rad]",), "float32"),
        "probability": Reader(("live", "dead", "background"), "uint8"),
        "predicted": Reader(("labels",), "uint8"),
        "truth": Reader(("labels",), "uint8"),
    }


def test_layers_in_hours_and_micrometres(stacks):
    layers = film_layers(stacks, [row(1, 0, 2.5, 3.5)], start_h=1.5)
    assert [(look["name"], kind) for _, look, kind in layers] == [
        ("phase [rad]", "image"),
        ("p(live) x 255", "image"),
        ("p(dead) x 255", "image"),
        ("predicted: 1 live, 2 dead", "labels"),
        ("truth: 1 live, 2 dead", "labels"),
        ("tracks", "tracks"),
    ]
    for _, look, _ in layers:
        assert (look["scale"], look["translate"]) == ((0.5, 0.65, 0.65), (1.5, 0, 0))
        assert look["units"] == ("hour", "um", "um")
    assert [data.shape for data, _, kind in layers if kind != "tracks"] == [(4, 20, 30)] * 5
    looks = {look["name"].partition(":")[0]: look for _, look, _ in layers}
    assert [looks["truth"]["colormap"][state] for state in (0, 1, 2)] == ["transparent", LIVE_COLOUR, DEAD_COLOUR]
    assert (looks["truth"]["metadata"], looks["predicted"]["metadata"]) == ({"contour": 2}, {})


def test_only_frames_that_are_shown_are_read(stacks):
    layers = film_layers(stacks, [])
    assert len(layers) == 5
    assert [reader.asked for reader in stacks.values()] == [[0], [], [], []]  # the first phase image gives the contrast
    np.testing.assert_array_equal(np.asarray(layers[2][0][3]), np.full((20, 30), 31))
    assert (stacks["probability"].asked, stacks["truth"].asked) == ([3], [])


def test_tracks_with_features_and_parents():
    rows = [row(1, 0, 2, 3), row(2, 0, 9, 9), row(3, 1, 5, 6, parents="1;2", state="dead", p_dead="0.9")]
    data, look, kind = film_layers({"phase": Reader(("phase [rad]",), "float32")}, rows)[-1]
    assert kind == "tracks"
    assert data.tolist() == [[1, 0, 2, 3], [2, 0, 9, 9], [3, 1, 5, 6]]
    assert look["graph"] == {3: [1, 2]}
    assert look["features"]["dead"].tolist() == [0, 0, 1]
    assert look["features"]["p_dead"].tolist() == [0.25, 0.25, 0.9]
    assert look["features"]["dry_mass_pg"].isna().all()
