from dataclasses import replace

import pytest
from livedead.desk.errors import ModelError, SettingsError
from livedead.desk.networks import networks_of
from livedead.desk.sheet import Sequence

ROW = Sequence(
    sequence="a", cohort="hela", cell_line="HeLa", replicate=None, well=None, condition="stained", confluence=None,
    raw="simulated", live="simulated", dead="simulated", phase=None, labels=None, pixel_size_um=0.325,
    wavelength_nm=550, frame_interval_min=30, start_h=0, split=None,
)  # fmt: skip
DARK = replace(ROW, sequence="b", cohort="growth", condition="unstained", live=None, dead=None)


def asking(**networks):
    cohorts = {cohort: {"predict": {"network": name}} for cohort, name in networks.items()}
    phase = {"downsample": 2, "import_downsample": 1}
    return {"model": None, "predict": {"network": "own"}, "phase": phase, "cohorts": cohorts}


def test_a_cohort_with_truth_trains_its_own_and_one_without_has_none():
    assert networks_of(asking(), [ROW, DARK]) == {"hela": "hela"}


def test_a_cohort_may_use_the_network_of_another():
    assert networks_of(asking(growth="hela"), [DARK, ROW]) == {"growth": "hela", "hela": "hela"}


def test_every_network_that_nobody_trains_is_named():
    other = replace(DARK, sequence="c", cohort="third")
    with pytest.raises(SettingsError) as caught:
        networks_of(asking(growth="third", third="nowhere"), [ROW, DARK, other])
    first, second = str(caught.value).splitlines()
    assert first.startswith("config: cohorts.growth.predict.network = third") and first.endswith("trains one: hela)")
    assert "cohorts.third.predict.network = nowhere" in second


def test_a_borrowing_cohort_cannot_lend():
    with pytest.raises(SettingsError, match="trains one: hela"):
        networks_of(asking(growth="hela", third="growth"), [ROW, DARK, replace(ROW, sequence="c", cohort="third")])


@pytest.mark.parametrize("pixel_size_um", [0.25, 0.4])
def test_other_pixels_than_the_network_learned_are_refused(pixel_size_um):
    with pytest.raises(SettingsError, match=f"pixels of 0.65 um, that of growth has {2 * pixel_size_um} um"):
        networks_of(asking(growth="hela"), [ROW, replace(DARK, pixel_size_um=pixel_size_um)])


def test_nearly_the_same_pixels_are_accepted():
    networks = networks_of(asking(growth="hela"), [ROW, replace(DARK, pixel_size_um=0.33)])
    assert networks["growth"] == "hela"


def test_pixels_of_the_phase_are_compared_not_those_of_the_camera():
    config = asking(growth="hela")
    config["cohorts"]["growth"]["phase"] = {"downsample": 1}
    with pytest.raises(SettingsError, match="pixels of 0.65 um, that of growth has 0.325 um"):
        networks_of(config, [ROW, DARK])
    assert networks_of(config, [ROW, replace(DARK, pixel_size_um=0.65)])["growth"] == "hela"


def test_ready_phase_has_the_pixels_it_is_imported_with():
    ready = replace(DARK, raw=None, phase="p.tif", pixel_size_um=0.65)
    assert networks_of(asking(growth="hela"), [ROW, ready])["growth"] == "hela"
    with pytest.raises(SettingsError, match="pixels of 0.65 um, that of growth has 0.325 um"):
        networks_of(asking(growth="hela"), [ROW, replace(ready, pixel_size_um=0.325)])


def test_a_given_model_predicts_every_cohort(tmp_path):
    (tmp_path / "model_card.json").write_text("{}")
    (tmp_path / "model.weights.h5").write_bytes(b"")
    config = asking(growth="hela") | {"model": str(tmp_path)}
    other = replace(DARK, pixel_size_um=1.3)
    assert networks_of(config, [ROW, other]) == {"hela": str(tmp_path), "growth": str(tmp_path)}
    with pytest.raises(ModelError, match="nowhere is not there"):
        networks_of(config | {"model": "nowhere"}, [ROW])
