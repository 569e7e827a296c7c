"""Variants of a training that Supplementary Note 5 compares: which there are, and what each is trained with."""

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .errors import SettingsError

COMPARISONS = ("encoders", "pretraining", "losses", "training_size")

PUBLISHED = ("imagenet", "noisy-student")
"""Words for pre-training on other people's photographs; any other word is a cohort of the sheet."""


@dataclass(frozen=True)
class Variant:
    """One training of a comparison.

    `start` is scratch or pretrained, `fraction` the part of the training films, `reason` why the variant is
    not trained (None: it is). Variants that several comparisons share have one name and are trained once.
    """

    encoder: str
    batch_size: int
    start: str
    loss: str
    fraction: float
    reason: str | None

    @property
    def name(self) -> str:
        """Folder of the results: encoder, start, loss and percentage of the films."""
        return f"{self.encoder}-{self.start}-{self.loss}-{100 * self.fraction:g}"


def plan_variants(note5: Mapping, cohort: str, encoders: Mapping[str, str]) -> dict[str, list[Variant]]:
    """List the variants of every comparison.

    Parameters
    ----------
    note5 : mapping
        Section `note5` of the settings.
    cohort : str
        Cohort the variants are trained and tested on.
    encoders : mapping
        Encoder of every cohort that trains a network of its own.

    Returns
    -------
    dict of list of Variant
        By comparison; encoders that are only counted and timed, and trainings that want a pre-trained encoder
        that is not there, carry their reason.

    Raises
    ------
    SettingsError
        If the loss or the encoder all comparisons start from is not one of those listed.
    """
    base, batches, losses = note5["base"], note5["encoders"]["trained"], note5["losses"]
    if base["loss"] not in losses:
        raise SettingsError(f"config: note5.base.loss = {base['loss']} (wanted one of {', '.join(losses)})")
    if base["encoder"] not in batches:
        raise SettingsError(
            f"config: note5.base.encoder = {base['encoder']} (wanted one of note5.encoders.trained: "
            f"{', '.join(batches)})"
        )

    def variant(encoder=base["encoder"], start=base["start"], loss=base["loss"], fraction=1.0):
        reason = None
        if encoder not in batches:
            reason = "counted and timed only, see note5.encoders.trained"
        elif start == "pretrained":
            reason = _no_pretraining(note5["pretraining"], cohort, encoder, encoders)
        return Variant(encoder, batches.get(encoder, 0), start, loss, float(fraction), reason)

    starts = ("scratch", "pretrained")
    sizes = sorted({*map(float, note5["training_fractions"]), 1.0})
    return {
        "encoders": [variant(encoder=name) for name in note5["encoders"]["counted"]],
        "pretraining": [variant(start=start) for start in starts],
        "losses": [variant(loss=name) for name in losses],
        "training_size": [variant(start=start, fraction=size) for start in starts for size in sizes],
    }


def variant_settings(train: Mapping, note5: Mapping, variant: Variant, pretrained_file: str) -> dict:
    """Give the settings of the training of a variant.

    Parameters
    ----------
    train : mapping
        Section `train` of the settings as it holds for the cohort.
    note5 : mapping
        Section `note5`.
    variant : Variant
        Which one.
    pretrained_file : str
        Weights file of an encoder trained on another cohort.

    Returns
    -------
    dict
        Section `train` with the variant's size, encoder, start and loss.
    """
    source = note5["pretraining"]
    weights = {"scratch": "none", "pretrained": source if source in PUBLISHED else pretrained_file}
    return {
        **train,
        **note5["training"],
        "encoder": variant.encoder,
        "batch_size": variant.batch_size,
        "encoder_weights": weights[variant.start],
        # Variants differ from random weights in their encoder only.
        "start_from": "none",
        "rehearsal": 0,
        "loss": dict(note5["losses"][variant.loss]),
    }


def films_of_fraction(films: Sequence[str], replicates: Iterable[str | None], fraction: float, seed: int) -> list[str]:
    """Choose a part of the training films: whole films, evenly over the replicates.

    A smaller part lies within a larger one, so a curve over parts adds films and exchanges none.

    Parameters
    ----------
    films : sequence of str
        Training films.
    replicates : iterable of str or None
        Replicate of every film.
    fraction : float
        Part of the films, above 0 and at most 1; at least one film is chosen.
    seed : int
        Seed of the draw.

    Returns
    -------
    list of str
        Chosen films in the order given.
    """
    groups: dict[str, list[str]] = {}
    for film, replicate in zip(films, replicates, strict=True):
        groups.setdefault(replicate or "", []).append(film)
    places = []
    for name in sorted(groups):
        group = sorted(groups[name])
        random.Random(f"{seed}/{name}").shuffle(group)
        # One film of every replicate, then the second of every replicate, and so on.
        places += [(turn, name, film) for turn, film in enumerate(group)]
    wanted = max(1, math.ceil(fraction * len(films) - 1e-9))
    chosen = {film for _, _, film in sorted(places)[:wanted]}
    return [film for film in films if film in chosen]


def _no_pretraining(source: str, cohort: str, encoder: str, encoders: Mapping[str, str]) -> str | None:
    """Say why an encoder cannot start pre-trained; None where it can."""
    if source in PUBLISHED:
        return None
    if source == cohort:
        return f"note5.pretraining is {source}, the cohort itself"
    if source not in encoders:
        return f"no network of the cohort {source} to take an encoder from"
    if encoders[source] != encoder:
        return f"the network of {source} has encoder {encoders[source]}, not {encoder}"
    return None
