"""Valid files with some bytes or words changed, for LIVEDEAD_FUZZ_SECONDS (60): read, or refused in a sentence.

No file may take more memory than a large plane needs, nor more than some seconds. LIVEDEAD_FUZZ_SEED chooses other
changes; a file that is neither read nor refused is kept beside the others in the test's folder.
"""

import os
import random
import resource
import signal
import struct
import time

import numpy as np
import pytest
import tifffile
from livedead.desk.errors import ImageError, SheetError
from livedead.desk.sheet import COLUMNS, read_sheet
from livedead.optics.stacks import read_frames, write_stack
from skimage.io import imsave

from tests.unit.desk.conftest import ROW

SECONDS = float(os.environ.get("LIVEDEAD_FUZZ_SECONDS", "60"))
SEED = int(os.environ.get("LIVEDEAD_FUZZ_SEED", "0"))
MOST_SECONDS_EACH = 20
MOST_BYTES = 6 * 2**30
# Numbers at which programs break.
EDGES = [0, 1, 2, 3, 4, 7, 8, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 2**31 - 1, 2**31, 2**32 - 1]

pytestmark = pytest.mark.fuzz


def films(folder):
    """Valid files of every kind the reader knows, small."""
    film = np.random.default_rng(0).integers(0, 4000, (2, 4, 8, 9)).astype(np.uint16)
    form = {"dtype": film.dtype, "channels": list("abcd"), "pixel_size_um": 0.3, "frame_interval_min": 5}
    for compression in ("none", "zstd"):
        write_stack(folder / f"{compression}.tif", film, compression=compression, **form)
    planes = film.reshape(-1, 8, 9)
    for name, options in {
        "plain": {"metadata": None},
        "shaped": {},
        "big": {"metadata": None, "bigtiff": True},
        "motorola": {"metadata": None, "byteorder": ">"},
        "deflate": {"metadata": None, "compression": "zlib", "predictor": True},
        "lzw": {"metadata": None, "compression": "lzw"},
        "packbits": {"metadata": None, "compression": "packbits"},
        "tiles": {"metadata": None, "tile": (16, 16)},
        "strips": {"metadata": None, "rowsperstrip": 3},
    }.items():
        tifffile.imwrite(folder / f"{name}.tif", planes, photometric="minisblack", **options)
    tifffile.imwrite(folder / "floats.tif", planes.astype(np.float32), photometric="minisblack", metadata=None)
    tifffile.imwrite(folder / "imagej.tif", film, imagej=True, metadata={"axes": "TCYX"})
    tifffile.imwrite(folder / "ome.tif", film, ome=True, photometric="minisblack", metadata={"axes": "TCYX"})
    tifffile.imwrite(folder / "colour.tif", np.stack([planes[0]] * 3, -1), photometric="rgb", metadata=None)
    imsave(folder / "grey.png", (planes[0] >> 4).astype(np.uint8), check_contrast=False)
    return sorted(folder.iterdir())


def mutated(data, rng):
    """Some changes of the kinds that damage, haste and malice make."""
    data = bytearray(data)
    for _ in range(rng.choice([1, 1, 1, 2, 3, 8])):
        if not data:
            break
        # Headers stand at the begin, and in OME-TIFF descriptions at the end.
        place = rng.choice([rng.randrange(len(data)), rng.randrange(min(len(data), 400)), max(0, len(data) - 400)])
        kind = rng.randrange(8)
        if kind == 0:
            data[place] ^= 1 << rng.randrange(8)
        elif kind == 1:
            data[place] = rng.randrange(256)
        elif kind == 2:
            packed = struct.pack(rng.choice("<>") + rng.choice("HI"), rng.choice(EDGES) & 0xFFFF)
            data[place : place + len(packed)] = packed
        elif kind == 3:
            data[place : place + 4] = struct.pack("<I", rng.choice([*EDGES, place, len(data), len(data) - 1]))
        elif kind == 4:
            del data[place:]
        elif kind == 5:
            del data[place : place + rng.randrange(1, 16)]
        elif kind == 6:
            data[place:place] = data[place : place + rng.randrange(1, 64)]
        else:
            other = rng.randrange(len(data))
            data[place : place + 12] = data[other : other + 12]
    return bytes(data)


def too_long(*_):
    raise TimeoutError


@pytest.fixture
def limits():
    """A bound on memory and a clock that ends what never ends."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, before[1]))
    handler = signal.signal(signal.SIGALRM, too_long)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, handler)
    resource.setrlimit(resource.RLIMIT_AS, before)


def tried(read, path, known, kept):
    """Whether a file was read; what is neither that nor a known error is kept for a look and raised."""
    signal.alarm(MOST_SECONDS_EACH)
    try:
        read(path)
    except known as error:
        assert path.name in str(error)
        return False
    except BaseException:
        kept.write_bytes(path.read_bytes())
        raise
    finally:
        signal.alarm(0)
    return True


def read_film(path):
    frames = read_frames(path, 4)
    assert np.stack(list(frames)).shape[1:] == (4, frames.info.height, frames.info.width)


@pytest.mark.filterwarnings("ignore")
def test_damaged_images(tmp_path, limits):
    rng, counts, end = random.Random(SEED), {True: 0, False: 0}, time.monotonic() + SECONDS / 2
    (tmp_path / "good").mkdir()
    good = {path: path.read_bytes() for path in films(tmp_path / "good")}
    while time.monotonic() < end:
        path = rng.choice(list(good))
        spoilt = tmp_path / f"spoilt{path.suffix}"
        spoilt.write_bytes(mutated(good[path], rng))
        counts[tried(read_film, spoilt, ImageError, tmp_path / f"failed-{path.name}")] += 1
    print(f"{counts[True]} files read, {counts[False]} refused")
    # Both must happen, or the changes are too weak or too strong to test anything.
    assert min(counts.values()) > 5


def sheet_text(rng):
    rows = [ROW | {"sequence": f"s{number}", "well": f"w{number}"} for number in range(rng.randrange(1, 5))]
    return "\n".join(["\t".join(COLUMNS), *("\t".join(row.get(c, "") for c in COLUMNS) for row in rows)]) + "\n"


WORDS = ["\t", "\n", "\r", "NA", "simulated", "{t}", "{m}", "{t:0-99999999}", "../", "/dev/zero", "1e400", "-0", "nan"]
WORDS += [
    "\0",
    "\x85",
    "\u2028",
    "\ufeff",
    "\U0001f52c",
    "hela",
    "HELA",
    "0x10",
    "1_000",
    "\u0663",
    "{",
    "}}",
    "~",
    "%s",
    "#",
]


def mixed_up(text, rng):
    """Cells and lines exchanged, doubled, lost, or filled with words that are not meant for them."""
    cells = [line.split("\t") for line in text.splitlines()]
    for _ in range(rng.choice([1, 1, 2, 4])):
        row = rng.choice(cells)
        place, kind = rng.randrange(len(row) + 1), rng.randrange(5)
        if kind == 0:
            row[place : place + 1] = [rng.choice(WORDS)]
        elif kind == 1:
            row[place : place + 1] = [(row[place : place + 1] or [""])[0] + rng.choice(WORDS)]
        elif kind == 2:
            del row[place : place + 1]
        elif kind == 3:
            cells.append(list(row))
        else:
            rng.shuffle(row)
        row = row or cells.remove(row)
        if not cells:
            return ""
    return "\n".join("\t".join(row) for row in cells)


def test_damaged_sheets(tmp_path, limits):
    rng, counts, end = random.Random(SEED), {True: 0, False: 0}, time.monotonic() + SECONDS / 2
    path = tmp_path / "sheet.tsv"
    while time.monotonic() < end:
        content = mixed_up(sheet_text(rng), rng).encode("utf-8", "surrogatepass")
        path.write_bytes(mutated(content, rng) if rng.random() < 0.4 else content)
        counts[tried(lambda sheet: read_sheet(sheet, tmp_path), path, SheetError, tmp_path / "failed.tsv")] += 1
    print(f"{counts[True]} sheets read, {counts[False]} refused")
    assert min(counts.values()) > 5
