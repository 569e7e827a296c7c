from pathlib import Path

import numpy as np
import pytest
import yaml
from livedead.optics.film_retrieval import FilmRetrieval
from livedead.optics.simulator import film_field

CONFIG = Path(__file__).parents[3] / "config.yaml"


def small_settings(**changes):
    """Default simulator on a small field, single keys changed as section__key=value."""
    settings = yaml.safe_load(CONFIG.read_text())["simulate"]
    settings["optics"] |= {"frame_px": [192, 192], "margin_um": 20}
    for name, value in changes.items():
        section, _, key = name.partition("__")
        if key:
            settings[section][key] = value
        else:
            settings[section] = value
    return settings


def film(seed=1, times_h=(0.0, 3.0), stained=True, **changes):
    return list(
        film_field(
            seed,
            settings=small_settings(**changes),
            pixel_size_um=0.325,
            wavelength_nm=550,
            times_h=list(times_h),
            downsample=2,
            refraction_increment_um3_per_pg=0.2,
            stained=stained,
        )
    )


def retrieved(counts, settings, wavelength_nm):
    """Phase and quality of one time point alone."""
    return FilmRetrieval(settings, wavelength_nm)(counts)


@pytest.fixture(scope="session")
def phase_settings():
    return yaml.safe_load(CONFIG.read_text())["phase"]


@pytest.fixture(scope="session")
def dense_film():
    """Crowded field at which many cells die between the frames."""
    return film(
        seed=11,
        times_h=(0.0, 2.0, 4.0, 9.0),
        population__cells_per_mm2=[1500, 1500],
        kinetics__median_death_h=[4.0, 4.0],
    )


@pytest.fixture
def rng():
    return np.random.default_rng(7)
