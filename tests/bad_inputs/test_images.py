"""Bad images, given to the scripts of the first jobs; `tests/scripts/test_phase.py` has more of interferograms."""

import copy
import struct

import numpy as np
import pytest
import tifffile
from livedead.optics.stacks import write_stack
from skimage.io import imsave

from tests.bad_inputs.catalogue import CONFIG, Bad, assert_one_error, cases, contents, run_script
from tests.unit.optics.conftest import film

pytestmark = pytest.mark.inputs

ROW = {"pixel_size_um": 0.325, "wavelength_nm": 550, "frame_interval_min": 30, "start_h": 0}
SCALE = {"pixel_size_um": 0.325, "frame_interval_min": 30}
PLAIN = {"photometric": "minisblack", "metadata": None, "ome": False}
OME = (
    '<?xml version="1.0"?>{doctype}<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0">'
    '<Pixels ID="Pixels:0" DimensionOrder="XYCZT" Type="uint16" SizeX="192" SizeY="192" SizeC="4" SizeT="{frames}" '
    'SizeZ="1" PhysicalSizeX="{size}"><Channel ID="Channel:0:0" Name="{name}"/><TiffData/></Pixels></Image></OME>'
)
# Ten times ten times ... ten names of one letter.
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
LAUGHS = f'<!DOCTYPE x [<!ENTITY a0 "a">{LAUGHS}]>'


@pytest.fixture(scope="module")
def raw():
    return np.stack([frame.raw for frame in film(seed=2, times_h=(0.0, 1.0))])


def tags(path, **changes):
    """Write other values into tags of every page of a plain little-endian TIFF."""
    data, numbers = bytearray(path.read_bytes()), {"width": 256, "length": 257, "bits": 258, "compression": 259}
    numbers |= {"rows": 278, "samples": 277}
    (offset,) = struct.unpack_from("<I", data, 4)
    while offset:
        (count,) = struct.unpack_from("<H", data, offset)
        for entry in range(offset + 2, offset + 2 + 12 * count, 12):
            (tag,) = struct.unpack_from("<H", data, entry)
            for name, value in changes.items():
                if tag == numbers[name]:
                    struct.pack_into("<HII", data, entry + 2, 4, 1, value)
        (offset,) = struct.unpack_from("<I", data, offset + 2 + 12 * count)
    path.write_bytes(data)


def circle(path, raw):
    tifffile.imwrite(path, raw[0, 0], **PLAIN)
    data = bytearray(path.read_bytes())
    (offset,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, offset)
    struct.pack_into("<I", data, offset + 2 + 12 * count, offset)
    path.write_bytes(data)


def changed(**changes):
    """A plain stack with other values in its tags."""

    def spoil(path, raw):
        tifffile.imwrite(path, raw.reshape(-1, *raw.shape[2:]), **PLAIN)
        tags(path, **changes)

    return spoil


def described(**values):
    """A stack with a description of OME."""

    def spoil(path, raw):
        text = OME.format(**{"doctype": "", "frames": 2, "size": 0.325, "name": "a"} | values)
        planes = raw.reshape(-1, *raw.shape[2:])
        tifffile.imwrite(path, planes, photometric="minisblack", metadata=None, description=text)

    return spoil


def stack(change, **options):
    """A stack of other pixels."""
    return lambda path, raw: tifffile.imwrite(path, change(raw), **{"photometric": "minisblack"} | options)


def foreign(suffix):
    """A good image of another format under the name of a TIFF."""

    def spoil(path, raw):
        imsave(path.with_suffix(suffix), (raw[0, 0] >> 4).astype(np.uint8), check_contrast=False)
        path.with_suffix(suffix).rename(path)

    return spoil


def written(content):
    return lambda path, raw: path.write_bytes(content)


def unlike_pages(path, raw):
    with tifffile.TiffWriter(path, ome=False) as tiff:
        for number, plane in enumerate(raw[0]):
            tiff.write(plane[number:], metadata=None)


def with_nan(raw):
    frames = raw.astype(np.float32)
    frames[1, 2, 5, 5] = np.nan
    return frames


RAW = [
    Bad("zero bytes", written(b""), ("the file is empty",)),
    Bad("eight bytes", written(b"II*\0\0\0\0\0"), ("no image in it|not a readable TIFF",)),
    Bad("text", written(b"frame 1, frame 2\n"), ("not a readable TIFF",)),
    Bad("JPEG", foreign(".jpg"), ("it is a JPEG image",)),
    Bad("PNG", foreign(".png"), ("it is a PNG image",)),
    Bad("archive", written(b"PK\x03\x04" + bytes(90)), ("it is a zip archive",)),
    Bad("pages in a circle", circle, ("broken after image 1",)),
    Bad("pages that differ", unlike_pages, ("image 1 is .* like the first",)),
    Bad("three frames per time", stack(lambda raw: raw[:, :3].reshape(-1, 192, 192), **PLAIN), ("6 images do not",)),
    Bad("three channels", stack(lambda raw: raw[:, :3], metadata={"axes": "TCYX"}), (r"3 channel\(s\) .*wanted 4",)),
    Bad("slices in z", stack(lambda raw: raw, metadata={"axes": "ZCYX"}, ome=True), ("2 slices in z", "one plane")),
    Bad("places in one file", stack(lambda raw: raw, metadata={"axes": "PCYX"}, ome=True), ("axes|places",)),
    Bad("colours", stack(lambda raw: raw[0, :3].transpose(1, 2, 0), photometric="rgb"), ("1 images do not",)),
    Bad("complex numbers", stack(lambda raw: raw.astype(np.complex64), **PLAIN), ("pixels of type complex64",)),
    Bad("logical values", stack(lambda raw: raw > 900, **PLAIN), ("pixels of type bool",)),
    Bad("not finite", stack(with_nan, metadata={"axes": "TCYX"}), ("frame 1: 1 pixels are not finite",)),
    Bad("dark", stack(lambda raw: np.zeros_like(raw), metadata={"axes": "TCYX"}), ("frame 0: no light",)),
    Bad("all bright", stack(lambda raw: raw * 0 + 65535, metadata={"axes": "TCYX"}), ("frame 0: .*saturated",)),
    Bad("one frame four times", stack(lambda raw: raw[:, :1].repeat(4, 1), metadata={"axes": "TCYX"}), ("frame 0",)),
    Bad("huge", changed(width=10**6, length=10**6), ("images of 1000000 x 1000000 pixels", "header is damaged")),
    Bad("more pixels than bytes", changed(width=9000, rows=9000, length=9000), ("image 0 is cut off",)),
    Bad("no width", changed(width=0), ("images of 192 x 0 pixels",)),
    Bad("no bits", changed(bits=0), ("pixels of type None",)),
    Bad("unknown codec", changed(compression=9999), ("9999 is not a known COMPRESSION",)),
    Bad("codec that it is not", changed(compression=8), ("an image cannot be read",)),
    Bad("JPEG inside that it is not", changed(compression=7), ("an image cannot be read",)),
    Bad("description that grows", described(doctype=LAUGHS, name="&a9;"), ("its description cannot be read",)),
    Bad("description without end", described(frames=10**12), ("names 4000000000000 images",)),
    Bad("more frames than there are", described(frames=3), ("names 12 images, but 8 are in this file",)),
    Bad("size in words", described(size="small"), ("its description cannot be read .*small",)),
    Bad("another scale", described(size=0.1625), ("the file says 0.1625 um per pixel, the sheet",)),
]  # fmt: skip


@cases(RAW)
def test_bad_interferograms(tmp_path, raw, capsys, case):
    case.spoil(tmp_path / "raw.tif", raw)
    before = contents(tmp_path)
    said = run_script(
        "retrieve_phase",
        tmp_path,
        {"raw": str(tmp_path / "raw.tif"), "background": []},
        {"phase": "s1.phase.ome.tif", "quality": "s1.quality.tsv"},
        capsys,
        files_per_time=None,
        settings=copy.deepcopy(CONFIG["phase"]),
        row=ROW,
    )
    assert_one_error(said, case)
    assert "raw.tif" in said[0]
    assert contents(tmp_path).items() - before.items() <= {(k, v) for k, v in contents(tmp_path).items() if ".log" in k}


def save(path, frames, **options):
    write_stack(path, frames, **{"dtype": frames.dtype, "channels": [str(n) for n in range(frames.shape[1])]} | SCALE)


def phase(dtype=np.float32, frames=2, channels=1):
    return np.zeros((frames, channels, 64, 64), dtype)


COLOURS = np.random.default_rng(1).integers(0, 255, (64, 64, 3)).astype(np.uint8)
NUMBERED = np.arange(4096, dtype=np.uint16).reshape(1, 1, 64, 64)
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
PHASE = [
    Bad("counts for phase", lambda path: save(path, phase(np.uint16)), ("phase of type uint16", "column raw")),
    Bad("not finite", lambda path: save(path, phase() + np.inf), ("not finite", "wanted phase in rad")),
    Bad("two channels", lambda path: save(path, phase(channels=2)), (r"2 channel\(s\)", "wanted 1")),
    Bad("odd sides", lambda path: save(path, phase()[..., :63]), ("63", "divi|multiple")),
    Bad("a colour PNG", lambda path: imsave(path, COLOURS), ("unequal channels",)),
    Bad("an empty PNG", lambda path: path.write_bytes(b""), ("not a readable PNG",)),
    Bad("half a PNG", lambda path: path.write_bytes(PNG + b"\0\0\0\x08\0\0\0\x08"), ("readable PNG",)),
    Bad(
        "a PNG without end",
        lambda path: path.write_bytes(PNG + b"\0\x0f\0\0\0\x0f\0\0\x08\0\0\0\0"),
        ("an image of 983040 x 983040 pixels",),
    ),
]  # fmt: skip


@cases(PHASE)
def test_bad_phase(tmp_path, capsys, case):
    path = tmp_path / ("phase.png" if "PNG" in case.name else "phase.tif")
    case.spoil(path)
    job = {"row": ROW, "downsample": 2, "mismatch": "error", "compression": "none"}
    said = run_script("import_phase", tmp_path, {"phase": str(path)}, {"phase": "s1.phase.ome.tif"}, capsys, **job)
    assert_one_error(said, case)
    assert path.name in said[0]


def dyes(live, dead):
    def spoil(folder):
        save(folder / "live.tif", live)
        save(folder / "dead.tif", dead)

    return spoil


SPOTS = np.random.default_rng(3).integers(100, 900, (2, 1, 64, 64)).astype(np.uint16)
DYES = [
    Bad("other numbers of frames", dyes(SPOTS, SPOTS[:1]), ("frames", "2|1")),
    Bad("other shapes", dyes(SPOTS, SPOTS[..., :32]), ("32",)),
    Bad("one grey", dyes(SPOTS, SPOTS * 0), ("NucGreen of frame 0 is 0 in every pixel",)),
    Bad("not finite", dyes(SPOTS.astype("f4"), SPOTS.astype("f4") * np.nan), ("finite",)),
    Bad("two channels", dyes(SPOTS, SPOTS.reshape(1, 2, 64, 64)), (r"2 channel\(s\)",)),
]
TABLES = {
    "labels": "s1.labels.ome.tif",
    "instances": "s1.instances.ome.tif",
    "nuclei": "s1.nuclei.tsv",
    "counts": "s1.counts.tsv",
}


@cases(DYES)
def test_bad_dyes(tmp_path, capsys, case):
    case.spoil(tmp_path)
    files = {"live": str(tmp_path / "live.tif"), "dead": str(tmp_path / "dead.tif")}
    job = {"row": ROW, "downsample": 2, "settings": CONFIG["labels"], "compression": "none"}
    said = run_script("label_nuclei", tmp_path, files, TABLES, capsys, **job)
    assert_one_error(said, case)
    assert "live.tif" in said[0] or "dead.tif" in said[0]


LABELS = [
    Bad("another value", lambda path: save(path, phase(np.uint8) + np.uint8(7)), (r"values \[7\]", "label_values")),
    Bad("numbered nuclei", lambda path: save(path, NUMBERED), (r"10\] and 4085 more", "label_values")),
    Bad("parts of a label", lambda path: save(path, phase()), ("float32", "whole numbers")),
    Bad("two channels", lambda path: save(path, phase(np.uint8, channels=2)), (r"2 channel\(s\)",)),
]  # fmt: skip


@cases(LABELS)
def test_bad_label_maps(tmp_path, capsys, case):
    case.spoil(tmp_path / "labels.tif")
    values = CONFIG["labels"]["label_values"]
    job = {"row": ROW, "downsample": 1, "pixel_size_um": 0.325, "label_values": values, "compression": "none"}
    said = run_script("import_labels", tmp_path, {"labels": str(tmp_path / "labels.tif")}, TABLES, capsys, **job)
    assert_one_error(said, case)
    assert "labels.tif" in said[0]
    assert len(said[0]) < 600
