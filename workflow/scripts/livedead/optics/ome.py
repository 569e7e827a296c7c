"""OME-XML: the physical meaning of a stack's pixels."""

from __future__ import annotations

import math
from xml.etree import ElementTree

import numpy as np
import tifffile

SCHEMA = "http://www.openmicroscopy.org/Schemas/OME/2016-06"
_PER_MINUTE = {"min": 1.0, "s": 60.0, "ms": 60000.0, "h": 1 / 60}
_MICROMETRES = {"µm": 1.0, "um": 1.0, "nm": 1e-3, "mm": 1e3}


def ome_xml(
    *,
    frames: int,
    channels: list[str],
    shape: tuple[int, int],
    dtype: np.dtype,
    pixel_size_um: float,
    frame_interval_min: float,
    colours: list[tuple[int, int, int]] | None = None,
) -> bytes:
    """Describe a stack (T, C, Y, X) in OME-XML.

    Parameters
    ----------
    frames, channels, shape, dtype : int, list of str, tuple of int, numpy.dtype
        Number of time points, names of channels, height and width, type of a pixel.
    pixel_size_um, frame_interval_min : float
        Written as PhysicalSizeX/Y and, in seconds, as TimeIncrement. Every plane also says its time (DeltaT), counted
        from the first frame: some programs read only that, and some take every time for seconds.
    colours : list of tuple of int, optional
        Red, green and blue (0..255) in which viewers show each channel.

    Returns
    -------
    bytes
    """
    seconds = 60 * float(frame_interval_min)
    ome = ElementTree.Element("OME", xmlns=SCHEMA)
    image = ElementTree.SubElement(ome, "Image", ID="Image:0", Name="Image0")
    pixels = ElementTree.SubElement(
        image,
        "Pixels",
        ID="Pixels:0",
        DimensionOrder="XYCZT",
        Type={"float32": "float", "float64": "double"}.get(dtype.name, dtype.name),
        SizeX=str(shape[-1]),
        SizeY=str(shape[-2]),
        SizeC=str(len(channels)),
        SizeZ="1",
        SizeT=str(frames),
        PhysicalSizeX=repr(float(pixel_size_um)),
        PhysicalSizeXUnit="µm",
        PhysicalSizeY=repr(float(pixel_size_um)),
        PhysicalSizeYUnit="µm",
        TimeIncrement=repr(seconds),
        TimeIncrementUnit="s",
    )
    for number, name in enumerate(channels):
        channel = ElementTree.SubElement(pixels, "Channel", ID=f"Channel:0:{number}", Name=name, SamplesPerPixel="1")
        if colours:
            # Red, green, blue and opacity as one signed number of 32 bits.
            channel.set("Color", str(int.from_bytes(bytes((*colours[number], 255)), signed=True)))
    ElementTree.SubElement(pixels, "TiffData")
    for frame in range(frames):
        place = {"TheZ": "0", "TheT": str(frame), "DeltaT": repr(frame * seconds), "DeltaTUnit": "s"}
        for number in range(len(channels)):
            ElementTree.SubElement(pixels, "Plane", place, TheC=str(number))
    return ElementTree.tostring(ome, encoding="us-ascii", xml_declaration=True)


def ome_properties(tiff: tifffile.TiffFile) -> dict:
    """Read channel names, pixel size (um) and time increment (min) of an open TIFF; None where it does not say."""
    found = {"channels": None, "pixel_size_um": None, "frame_interval_min": None}
    if not tiff.is_ome:
        return found
    root = ElementTree.fromstring(tiff.pages[0].description)
    pixels = root.find(".//{*}Pixels")
    if pixels is None:
        return found
    size = pixels.get("PhysicalSizeX")
    if size:
        found["pixel_size_um"] = float(size) * _MICROMETRES.get(pixels.get("PhysicalSizeXUnit", "µm"), np.nan)
    step = pixels.get("TimeIncrement")
    if step:
        found["frame_interval_min"] = float(step) / _PER_MINUTE.get(pixels.get("TimeIncrementUnit", "s"), np.nan)
    names = [channel.get("Name", str(n)) for n, channel in enumerate(pixels.findall("{*}Channel"))]
    found["channels"] = names or [str(n) for n in range(int(pixels.get("SizeC", 1)))]
    return found


def ome_planes(tiff: tifffile.TiffFile) -> int:
    """Planes that the largest image of an open OME-TIFF has by its description, in this file or in others."""
    root = ElementTree.fromstring(tiff.pages[0].description)
    sizes = ([int(pixels.get(f"Size{axis}", 1)) for axis in "TCZ"] for pixels in root.iterfind(".//{*}Pixels"))
    return max(map(math.prod, sizes), default=1)
