"""How far two numbers per nucleus go: logistic regression on mean phase and area."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import statsmodels.api as sm

from ..desk.errors import DataError
from .geometry import areas_px, means, sums
from .scores import score_counts
from .semantic import DEAD, LIVE

#: Ridge penalty per nucleus; it leaves fits unchanged to three digits and keeps separable data finite.
RIDGE = 1e-4


def nucleus_features(
    truth: np.ndarray, instances: np.ndarray, phase: np.ndarray, pixel_size_um: float
) -> tuple[np.ndarray, np.ndarray]:
    """
    Take mean phase, area and true state of every nucleus of a frame.

    Parameters
    ----------
    truth : numpy.ndarray
        (Y, X) true map, 0 background, 1 live, 2 dead.
    instances : numpy.ndarray
        (Y, X) integer map of the true nuclei, 1..n.
    phase : numpy.ndarray
        (Y, X) phase, rad or grey values.
    pixel_size_um : float
        Side of a pixel in the sample, um.

    Returns
    -------
    features : numpy.ndarray
        (n, 2) mean phase (unit of `phase`) and area (um2).
    dead : numpy.ndarray
        (n,) bool.
    """
    present = areas_px(instances) > 0
    area_um2 = areas_px(instances) * pixel_size_um**2
    features = np.stack([means(phase, instances), area_um2], axis=1)
    dead = sums(truth == DEAD, instances) > sums(truth == LIVE, instances)
    return features[present], dead[present]


def score_baseline(
    train_features: np.ndarray, train_dead: np.ndarray, test_features: np.ndarray, test_dead: np.ndarray
) -> list[dict[str, Any]]:
    """
    Fit on the nuclei of training sequences, score on those of test sequences.

    The cut on the fitted probability is the one that gives the training nuclei the best mean F1, so that the
    regression is not held back by unequal numbers of live and dead nuclei.

    Parameters
    ----------
    train_features, test_features : numpy.ndarray
        (n, 2) mean phase and area.
    train_dead, test_dead : numpy.ndarray
        (n,) bool.

    Returns
    -------
    list of dict
        score, value: macro_f1_matched, f1_live_matched, f1_dead_matched, balanced_accuracy, cut on the
        probability of dead, coefficients per standard deviation, numbers of nuclei.

    Raises
    ------
    DataError
        If there are no training or no test nuclei, or a feature is not finite.
    """
    for side, features in (("training", train_features), ("test", test_features)):
        if len(features) == 0:
            raise DataError(f"the {side} sequences hold no nucleus: the regression has nothing to work on")
        if not np.isfinite(features).all():
            raise DataError(f"mean phase or area of a {side} nucleus is not finite: check the phase images")
    train_dead, test_dead = np.asarray(train_dead, dtype=bool), np.asarray(test_dead, dtype=bool)
    centre, spread = train_features.mean(axis=0), train_features.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    train, test = (np.column_stack([np.ones(len(f)), (f - centre) / spread]) for f in (train_features, test_features))
    if train_dead.all() or not train_dead.any():
        # One state only: the best guess is that state, and no coefficient can be estimated.
        coefficients, cut = np.full(3, np.nan), np.nan
        called = np.full(test_dead.size, train_dead[0])
    else:
        model = sm.GLM(train_dead.astype(float), train, family=sm.families.Binomial())
        coefficients = np.asarray(
            model.fit_regularized(alpha=np.array([0.0, RIDGE, RIDGE]), L1_wt=0.0, maxiter=500).params
        )
        cut = _best_cut(_probability(train, coefficients), train_dead)
        called = _probability(test, coefficients) >= cut
    scores = score_counts(_table(test_dead, called))
    values = {
        name: float(scores[name])
        for name in ("macro_f1_matched", "f1_live_matched", "f1_dead_matched", "balanced_accuracy")
    }
    values |= {"cut_probability_dead": float(cut), "intercept": float(coefficients[0])}
    values |= {"coefficient_mean_phase": float(coefficients[1]), "coefficient_area": float(coefficients[2])}
    values |= {"training_nuclei": len(train_features), "test_nuclei": len(test_features)}
    return [{"score": name, "value": value} for name, value in values.items()]


def sequence_features(
    stacks: Iterable[Iterable[Iterable[np.ndarray]]], pixel_size_um: float | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """
    Take mean phase, area and true state of all nuclei of several sequences.

    Parameters
    ----------
    stacks : iterable of (labels, instances, phase)
        For every sequence three stacks of frames (1, Y, X): true map, true nuclei, phase.
    pixel_size_um : float, optional
        Side of a pixel in the sample, um; by default what the phase stack says (``info.pixel_size_um``).

    Returns
    -------
    features : numpy.ndarray
        (n, 2) mean phase and area of all nuclei; (0, 2) where there is none.
    dead : numpy.ndarray
        (n,) bool.
    """
    features, dead = [np.zeros((0, 2))], [np.zeros(0, dtype=bool)]
    for labels, instances, phase in stacks:
        side_um = phase.info.pixel_size_um if pixel_size_um is None else pixel_size_um
        for frames in zip(labels, instances, phase, strict=True):
            found = nucleus_features(*(frame[0] for frame in frames), side_um)
            features.append(found[0])
            dead.append(found[1])
    return np.concatenate(features), np.concatenate(dead)


def _probability(design: np.ndarray, coefficients: np.ndarray) -> np.ndarray:
    return sm.families.links.Logit().inverse(design @ coefficients)


def _table(dead: np.ndarray, called: np.ndarray) -> np.ndarray:
    """Count outcomes as (..., 3, 3) for calls of shape (..., n)."""
    table = np.zeros((*called.shape[:-1], 3, 3))
    for i, true in enumerate((~dead, dead)):
        for j, guess in enumerate((~called, called)):
            table[..., i + 1, j + 1] = (true & guess).sum(axis=-1)
    return table


def _best_cut(probability: np.ndarray, dead: np.ndarray) -> float:
    """Choose among percentiles of the probability the cut with the best mean F1."""
    cuts = np.unique(np.quantile(probability, np.linspace(0, 1, 201)))
    # Halfway between neighbours, so that separable data keep their margin.
    cuts = (cuts[1:] + cuts[:-1]) / 2 if cuts.size > 1 else cuts
    f1 = score_counts(_table(dead, probability >= cuts[:, None]))["macro_f1_matched"]
    return float(cuts[np.nanargmax(f1)])
