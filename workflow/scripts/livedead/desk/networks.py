"""Which network sees which cohort: its own, or that of another one."""

from collections.abc import Iterable, Mapping

from .errors import SettingsError
from .model_folder import check_model_folder
from .phase_pixels import listed_pixels, phase_pixels_um, same_pixels
from .settings import settings_for
from .sheet import Sequence

OWN = "own"


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
        With every cohort that asks for a network which nobody trains, or one made for other pixels of the
        phase.
    ModelError
        `model` is no folder of a network.
    """
    if config["model"] is not None:
        check_model_folder(config["model"])
        return {row.cohort: config["model"] for row in sequences}
    sequences = list(sequences)
    known: dict[str, bool] = {}
    for row in sequences:
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
        else:
            learned, here = (phase_pixels_um(config, sequences, name) for name in (network, cohort))
            networks[cohort] = network
            if not same_pixels(here, learned):
                errors.append(
                    f"{place} (it learned phase with pixels of {listed_pixels(learned)} um, that of {cohort} has "
                    f"{listed_pixels(here)} um; wanted the same; see phase.downsample and phase.import_downsample)"
                )
    if errors:
        raise SettingsError("\n".join(errors))
    return networks
