"""Which network sees which cohort: its own, or that of another one."""

from collections.abc import Iterable, Mapping

from .errors import SettingsError
from .model_folder import check_model_folder
from .settings import settings_for
from .sheet import Sequence

OWN = "own"
# Pixels of two cohorts that differ by less than this are the same to a network that learns zoomed crops.
_SAME_PIXEL = 0.02


def networks_of(config: Mapping, sequences: Iterable[Sequence]) -> dict[str, str]:
    """Find the cohort whose network predicts each cohort.

    Parameters
    ----------
    config : mapping
        All settings; `model` is None or the folder of a trained network, `predict.network` ``own`` or the name of
        another cohort.
    sequences : iterable of Sequence
        Rows of the sheet.

    Returns
    -------
    dict
        Cohort -> cohort that trains its network, in the order of the sheet. A cohort that would train its
        own but knows the state of no nucleus is left out: no network sees it. With `model` every cohort has that
        folder, and none trains.

    Raises
    ------
    SettingsError
        With every cohort that asks for a network which nobody trains, or one made for other pixels.
    ModelError
        `model` is no folder of a network.
    """
    if config["model"] is not None:
        check_model_folder(config["model"])
        return {row.cohort: config["model"] for row in sequences}
    pixels: dict[str, set[float]] = {}
    known: dict[str, bool] = {}
    for row in sequences:
        pixels.setdefault(row.cohort, set()).add(row.pixel_size_um)
        known[row.cohort] = known.get(row.cohort, False) or row.has_truth
    wanted = {cohort: settings_for(config, "predict", cohort)["network"] for cohort in known}
    trained = [cohort for cohort in known if wanted[cohort] == OWN and known[cohort]]
    networks, errors = {}, []
    for cohort, network in wanted.items():
        place = f"config: cohorts.{cohort}.predict.network = {network}"
        if network == OWN:
            networks |= {cohort: cohort} if cohort in trained else {}
        elif network not in trained:
            errors.append(f"{place} (wanted own, or a cohort of the sheet that trains one: {', '.join(trained)})")
        elif max(pixels[cohort]) > min(pixels[network]) * (1 + _SAME_PIXEL) or min(pixels[cohort]) < max(
            pixels[network]
        ) * (1 - _SAME_PIXEL):
            errors.append(
                f"{place} (it learned pixels of {_list(pixels[network])} um, the sheet has {_list(pixels[cohort])} um "
                f"for {cohort}; wanted the same pixel size)"
            )
        else:
            networks[cohort] = network
    if errors:
        raise SettingsError("\n".join(errors))
    return networks


def _list(values: Iterable[float]) -> str:
    return ", ".join(f"{value:g}" for value in sorted(values))
