"""The paper's focal and Dice losses, and the variants of the authors' code.

Every loss is a function of a few sums over pixels and images. A batch gives its loss at once, and a set of
images of any number gives the loss of the whole set as if it were one batch, by adding up its sums.
"""

import math

from keras import ops

from ..desk.errors import SettingsError

VARIANTS = ("paper", "authors_code")

SMALLEST_PROBABILITY = 1e-7
"""A smaller probability counts as this, so that its logarithm is finite."""


def focal_sums(target, probability, gamma=2.0):
    """Add up the focal terms of all pixels, class by class.

    Parameters
    ----------
    target, probability : tensor
        (batch, height, width, classes); one-hot and softmax output.
    gamma : float
        Weight of hard pixels; the paper: 2.

    Returns
    -------
    tensor
        (classes,), sum of -(1 - p)^gamma ln p over the pixels that are of the class.

    References
    ----------
    Paper, Methods; Lin et al., Focal loss, ICCV 2017.
    """
    # Below 1 the power has no slope at p = 1.
    largest = 1.0 if gamma >= 1 else 1 - SMALLEST_PROBABILITY
    p = ops.clip(probability, SMALLEST_PROBABILITY, largest)
    return -ops.sum(target * ops.power(1 - p, gamma) * ops.log(p), axis=(0, 1, 2))


def overlap_sums(target, probability):
    """Add up what the Dice score of every class needs.

    Parameters
    ----------
    target, probability : tensor
        (batch, height, width, classes); one-hot and softmax output. Counts are sums of probabilities, so
        that the loss has a gradient.

    Returns
    -------
    tuple of tensor
        (classes,) true positives, and (classes,) true plus predicted pixels, which is 2 TP + FP + FN.
    """
    pixels = (0, 1, 2)
    return ops.sum(target * probability, axis=pixels), ops.sum(target + probability, axis=pixels)


class SegmentationLoss:
    """focal_weight * focal + dice_weight * Dice, with the paper's alpha and beta as weights.

    Variant "paper": focal = mean over pixels and images of -(1 - p)^gamma log2 p of the true class; Dice =
    1 - mean over classes of 2 TP / (2 TP + FP + FN), counted over the whole batch.
    Variant "authors_code": focal = 0.25 times the mean over pixels, images and classes with the natural
    logarithm; Dice with 1e-5 added to numerator and denominator. Their CHO runs used focal_weight 4.

    Parameters
    ----------
    focal_weight, dice_weight : float
        alpha and beta; the paper: 1, 0 for HeLa and 1, 1 for CHO.
    focal_gamma : float
        Weight of hard pixels.
    variant : str
        "paper" or "authors_code".

    Raises
    ------
    SettingsError
        If the variant is unknown, or the weights are negative or both zero.

    References
    ----------
    Paper, Methods; `CategoricalFocalLoss` and `DiceLoss` of the segmentation_models package.
    """

    def __init__(self, focal_weight=1.0, dice_weight=1.0, focal_gamma=2.0, variant="paper"):
        if variant not in VARIANTS:
            raise SettingsError(f"train.loss.variant is {variant!r}; wanted one of {', '.join(VARIANTS)}.")
        if min(focal_weight, dice_weight) < 0 or focal_weight + dice_weight == 0:
            raise SettingsError(
                f"train.loss has focal_weight {focal_weight} and dice_weight {dice_weight}; "
                "wanted no negative weight and at least one above 0."
            )
        self.focal_weight = focal_weight
        self.dice_weight = dice_weight
        self.focal_gamma = focal_gamma
        self.variant = variant

    def __call__(self, target, probability):
        """Give the loss of a batch: (batch, height, width, classes) twice -> scalar tensor."""
        return self.value(self.sums(target, probability))

    def sums(self, target, probability):
        """Give the sums of a batch; sums of several batches may be added before `value`.

        Parameters
        ----------
        target, probability : tensor
            (batch, height, width, classes).

        Returns
        -------
        tensor
            float32, (3, classes): focal terms, true positives, true plus predicted pixels.
        """
        # The torch backend multiplies no arrays with tensors.
        target, probability = ops.convert_to_tensor(target), ops.convert_to_tensor(probability)
        focal = focal_sums(target, probability, self.focal_gamma)
        return ops.stack([focal, *overlap_sums(target, probability)])

    def value(self, sums):
        """Give the loss of the images whose sums these are.

        Parameters
        ----------
        sums : tensor
            (3, classes), from `sums`.

        Returns
        -------
        tensor
            Scalar.
        """
        focal, positives, areas = ops.unstack(ops.convert_to_tensor(sums), axis=0)
        classes = sums.shape[-1]
        # Targets and probabilities both add up to 1 in every pixel.
        pixels = ops.sum(areas) / 2
        focal = ops.sum(focal) / pixels
        if self.variant == "paper":
            focal, smoothing = focal / math.log(2), 1e-7
        else:
            focal, smoothing = 0.25 * focal / classes, 1e-5
        # The paper's formula is 0/0 for a class that neither occurs nor is predicted: it counts as found.
        dice = 1 - ops.mean((2 * positives + smoothing) / (areas + smoothing))
        return self.focal_weight * focal + self.dice_weight * dice
