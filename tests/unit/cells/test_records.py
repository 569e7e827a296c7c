"""Streaming of frames into tables."""

import numpy as np
import pytest
from livedead.cells import records, tables
from livedead.cells.labelmap import import_label_map
from livedead.desk.errors import DataError

MAPS = [np.array([[1, 1, 0, 2], [1, 1, 0, 2]]), np.zeros((2, 4), dtype=int), np.array([[0, 0, 0, 2], [0, 0, 0, 2]])]
VALUES = {1: "live", 2: "dead"}
TIMES = [0.0, 0.5, 1.0]


def imported(maps=MAPS):
    nuclei, counts = [], []
    frames = (import_label_map(frame, VALUES, 1.0) for frame in maps)
    instances = list(records.collect_labels(frames, "s1", TIMES, nuclei, counts))
    return instances, nuclei, counts


def test_times():
    assert tables.frame_times_h(3, 2.0, 30) == [2.0, 2.5, 3.0]


def test_tables_and_maps_go_together():
    instances, nuclei, counts = imported()
    assert [(row["frame"], row["time_h"], row["label"], row["state"]) for row in nuclei] == [
        (0, 0.0, 1, "live"), (0, 0.0, 2, "dead"), (2, 1.0, 1, "dead"),
    ]  # fmt: skip
    assert [row["kept"] for row in counts] == [2, 0, 1]
    assert set(counts[0]) == set(records.COUNT_COLUMNS)
    assert set(nuclei[0]) == set(records.LABEL_COLUMNS)
    painted = list(records.paint_states(instances, nuclei))
    assert np.array_equal(np.concatenate(painted), np.stack(MAPS))
    assert painted[0].dtype == np.uint8


def test_errors_name_sequence_and_frame():
    with pytest.raises(DataError, match="s1, frame 1: the label map has the values"):
        imported([MAPS[0], MAPS[0] + 5, MAPS[0]])


def test_a_sequence_without_nuclei_is_refused():
    records.require_nuclei([{}], "s1", "s1.tif")
    with pytest.raises(DataError, match="s1: no nucleus in any frame of s1.tif"):
        records.require_nuclei([], "s1", "s1.tif")


def stacks():
    instances, nuclei, _ = imported()
    semantic = list(records.paint_states(instances, nuclei))
    probability = [
        np.concatenate([255 * (frame == 1), 255 * (frame == 2), 255 * (frame == 0)]).astype(np.uint8)
        for frame in semantic
    ]
    phase = [(frame > 0) * np.float32(2) for frame in semantic]
    return semantic, instances, probability, phase


CHANNELS = ("live", "dead", "background")


def test_measuring_a_sequence():
    semantic, _, probability, phase = stacks()
    options = {
        "channels": CHANNELS, "sequence": "s1", "times_h": TIMES, "pixel_size_um": 1.0, "min_area_um2": 1,
        "split_distance_um": 2, "phase_in_rad": True, "wavelength_nm": 550, "refraction_increment_um3_per_pg": 0.2,
    }  # fmt: skip
    rows, _ = records.measure_sequence(semantic, probability, phase, **options)
    assert set(rows[0]) == set(tables.NUCLEUS_COLUMNS)
    assert sorted((row["frame"], row["state"], row["area_um2"]) for row in rows) == [
        (0, "dead", 2.0), (0, "live", 4.0), (2, "dead", 2.0),
    ]  # fmt: skip
    assert {row["p_live"] + row["p_dead"] for row in rows} == {1.0}
    large, counts = records.measure_sequence(semantic, probability, phase, **options | {"min_area_um2": 3})
    assert [[row[name] for name in records.OBJECT_COLUMNS[1:]] for row in counts] == [
        [0, 0.0, 2, 1, 1], [1, 0.5, 0, 0, 0], [2, 1.0, 1, 0, 1],
    ]  # fmt: skip
    assert [row["area_um2"] for row in large] == [4.0]
    with pytest.raises(DataError, match="phase 2"):
        records.measure_sequence(semantic, probability, phase[:2], **options)
    with pytest.raises(DataError, match="wanted live and dead"):
        records.measure_sequence(semantic, probability, phase, **options | {"channels": ("a", "b", "c")})


def test_matching_a_sequence():
    semantic, instances, probability, phase = stacks()
    options = {
        "channels": CHANNELS, "sequence": "s1", "times_h": TIMES, "pixel_size_um": 1.0, "min_coverage": 0.5,
        "phase_in_rad": True,
    }  # fmt: skip
    predicted = [semantic[0], semantic[0], semantic[1]]
    matches, spurious, pixels = records.match_sequence(semantic, instances, predicted, probability, phase, **options)
    assert set(matches[0]) == set(records.MATCH_COLUMNS)
    assert set(spurious[0]) == set(records.SPURIOUS_COLUMNS)
    assert [(row["frame"], row["predicted_state"]) for row in matches] == [(0, "live"), (0, "dead"), (2, "missed")]
    assert [(row["frame"], row["predicted_state"]) for row in spurious] == [(1, "live"), (1, "dead")]
    assert pixels.sum() == 24
    with pytest.raises(DataError, match="numbers of frames differ"):
        records.match_sequence(semantic[:1], instances, predicted, probability, phase, **options)
