"""Images predicted in overlapping tiles, for fields that are too large for the memory."""

import numpy as np

from ..desk.errors import SettingsError


def tile_spans(side, tile_px, overlap_px):
    """Divide a side of an image into tiles of one size.

    Parameters
    ----------
    side : int
        Pixels of the side.
    tile_px : int
        Pixels of a tile, not more than the side.
    overlap_px : int
        Least number of pixels that neighbours share.

    Returns
    -------
    list of (int, int, int)
        First pixel of every tile, and the first and the one after the last pixel that are taken from it: the seam is in
        the middle of what neighbours share. The last tile ends with the side.
    """
    # One that is as large as the side may be no larger than the overlap.
    step = max(tile_px - overlap_px, 1)
    starts = [*range(0, side - tile_px, step), side - tile_px]
    seams = [(start + before + tile_px) // 2 for before, start in zip(starts, starts[1:], strict=False)]
    return list(zip(starts, [0, *seams], [*seams, side], strict=True))


def tiled(predict, tile_px, overlap_px):
    """Predict images tile by tile.

    The encoder takes means over all it sees (squeeze and excitation), so that tiles do not quite give the numbers of
    the whole image, whatever their overlap: that only heals the seams. docs/methods.md has what was measured.

    Parameters
    ----------
    predict : callable
        From images (batch, height, width), 0 to 1, sides multiples of 32, to probabilities (batch, height, width,
        classes).
    tile_px : int or None
        Side of a tile, a multiple of 32; None gives `predict` back.
    overlap_px : int
        Least overlap of neighbours, a multiple of 32.

    Returns
    -------
    callable
        The same for images of any size; every tile is as large as the others, so that only one size of the network is
        set up. Images that are smaller along a side have one tile there.

    Raises
    ------
    SettingsError
        If the overlap is not smaller than the tile.

    References
    ----------
    Ronneberger et al., U-Net, MICCAI 2015: the overlap-tile strategy.
    """
    if tile_px is None:
        return predict
    if overlap_px >= tile_px:
        raise SettingsError(
            f"predict.tile_overlap_px is {overlap_px} and predict.tile_px {tile_px}; wanted an overlap smaller than "
            "the tile."
        )

    def by_tiles(images):
        sides = [min(tile_px, side) for side in images.shape[1:]]
        rows, columns = (
            tile_spans(whole, tile, overlap_px) for whole, tile in zip(images.shape[1:], sides, strict=True)
        )
        whole = None
        for top, first_row, last_row in rows:
            for left, first_column, last_column in columns:
                found = predict(images[:, top : top + sides[0], left : left + sides[1]])
                if whole is None:
                    whole = np.empty((*images.shape, found.shape[-1]), found.dtype)
                kept = found[:, first_row - top : last_row - top, first_column - left : last_column - left]
                whole[:, first_row:last_row, first_column:last_column] = kept
        return whole

    return by_tiles
