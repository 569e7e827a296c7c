import json

import pytest
from livedead.desk.errors import ModelError
from livedead.net.int8_check import accepted_network, int8_record

SAME = {
    "frames": 4,
    "pixels": 1_000_000,
    "equal_pixels": 999_000,
    "nuclei": 90,
    "missed_nuclei": 0,
    "new_nuclei": 0,
    "other_state_nuclei": 0,
}


def model_folder(folder, found=SAME, adapted=0.0):
    """Weights, and beside them a quantized network with what was found."""
    weights = folder / "model.weights.h5"
    weights.write_bytes(b"weights")
    for end in ("xml", "bin"):
        (folder / f"model.int8.{end}").touch()
    (folder / "model.int8.json").write_text(json.dumps(int8_record(found, weights, adapted)))
    return weights


def test_a_network_that_agrees_may_be_used(tmp_path):
    weights = model_folder(tmp_path)
    assert accepted_network(weights, 0.0) == tmp_path / "model.int8.xml"


@pytest.mark.parametrize(
    "change",
    [
        {"equal_pixels": 998_999},
        {"missed_nuclei": 1},
        {"new_nuclei": 1},
        {"other_state_nuclei": 1},
        {"nuclei": 0},
        {"pixels": 0, "equal_pixels": 0, "nuclei": 0, "frames": 0},
    ],
)
def test_one_that_does_not_is_refused(tmp_path, change):
    weights = model_folder(tmp_path, SAME | change)
    with pytest.raises(ModelError, match="does not say what the original says"):
        accepted_network(weights, 0.0)


def test_the_message_has_the_numbers(tmp_path):
    weights = model_folder(tmp_path, SAME | {"equal_pixels": 991_230, "missed_nuclei": 3, "other_state_nuclei": 2})
    wanted = "Of 1000000 pixels in 4 validation frames 99.123% .* of 90 nuclei 3 missed, 0 new, 2 of another state"
    with pytest.raises(ModelError, match=wanted):
        accepted_network(weights, 0.0)


def test_a_record_of_another_network_does_not_count(tmp_path):
    weights = model_folder(tmp_path, adapted=0.5)
    with pytest.raises(ModelError, match="adapt_normalisation 0.5, and it is 0 now"):
        accepted_network(weights, 0.0)
    weights.write_bytes(b"other weights")
    with pytest.raises(ModelError, match="made from other weights"):
        accepted_network(weights, 0.5)


@pytest.mark.parametrize("end", ["xml", "bin", "json"])
def test_no_quantized_network(tmp_path, end):
    weights = model_folder(tmp_path)
    (tmp_path / f"model.int8.{end}").unlink()
    with pytest.raises(ModelError, match=rf"model.int8.{end} is not there"):
        accepted_network(weights, 0.0)
