"""What ImageJ and Fiji write into a TIFF: size of a pixel and time between frames."""

from __future__ import annotations

import tifffile

# Fiji writes the micro sign as an escape.
_MICROMETRES = {"micron": 1.0, "microns": 1.0, "um": 1.0, "µm": 1.0, "\\u00b5m": 1.0, "nm": 1e-3, "mm": 1e3, "cm": 1e4}
_PER_MINUTE = {"sec": 60.0, "s": 60.0, "ms": 60000.0, "msec": 60000.0, "min": 1.0, "h": 1 / 60, "hr": 1 / 60}


def imagej_properties(tiff: tifffile.TiffFile) -> dict:
    """Read pixel size (um) and time between frames (min) of an open TIFF; None where ImageJ did not say.

    A plain TIFF states a resolution, too, but most often that of a screen: it counts only beside ImageJ's unit.

    Parameters
    ----------
    tiff : tifffile.TiffFile
        Open file.

    Returns
    -------
    dict
        channels (always None: ImageJ's labels belong to slices), pixel_size_um, frame_interval_min.
    """
    found = {"channels": None, "pixel_size_um": None, "frame_interval_min": None}
    said = tiff.imagej_metadata if tiff.is_imagej else None
    if not said:
        return found
    unit = _MICROMETRES.get(str(said.get("unit", "")).lower())
    resolution = tiff.pages[0].tags.get("XResolution")
    if unit and resolution is not None and all(resolution.value):
        pixels, units = resolution.value
        found["pixel_size_um"] = unit * units / pixels
    step = said.get("finterval")
    if isinstance(step, int | float) and step > 0:
        per_minute = _PER_MINUTE.get(str(said.get("tunit", "sec")).lower())
        found["frame_interval_min"] = step / per_minute if per_minute else None
    return found
