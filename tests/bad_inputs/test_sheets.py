"""Bad sheets, given to the function that the Snakefile calls before any job."""

import pytest
from livedead.desk.errors import LiveDeadError
from livedead.desk.inputs import read_inputs
from livedead.desk.sheet import COLUMNS

from tests.bad_inputs.catalogue import CONFIG, SCHEMA, Bad, assert_one_error, cases, contents
from tests.unit.desk.conftest import ROW

pytestmark = pytest.mark.inputs

FILE = {"raw": "a.tif", "live": "", "dead": ""}
NAMES = "1 to 80 letters, digits and hyphens"


def rows(*changes, columns=COLUMNS):
    """Twelve good rows, of which the first ones are changed; the text of the sheet."""
    good = [ROW | {"sequence": f"f{number}"} for number in range(12)]
    changed = [row | change for row, change in zip(good, changes, strict=False)] + good[len(changes) :]
    return "\n".join(["\t".join(columns), *("\t".join(row.get(c, "") for c in columns) for row in changed)]) + "\n"


def cell(**change):
    return rows(change)


def spreadsheet(text):
    """The sheet as Excel saves it: lines of Windows, some cells in quotes, every line as wide as the widest."""
    lines = [line.split("\t") for line in text.splitlines()]
    quoted = [['"' + c.replace('"', '""') + '"' if set(c) & set(',"') else c for c in line] for line in lines]
    return "".join("\t".join(line + [""] * (len(COLUMNS) - len(line))) + "\r\n" for line in quoted)


NOTES = '# Please check: cohort B, "low" or not\n\n'
without = [column for column in COLUMNS if column != "split"]
CASES = [
    Bad("nothing there", None, ("sheet.tsv: no such sheet",)),
    Bad("a folder", "FOLDER", ("sheet.tsv: a folder",)),
    Bad("empty", "", ("sheet.tsv: empty",)),
    Bad("only comments", "# nothing\n# at all\n", ("sheet.tsv: empty",)),
    Bad("no rows", "\t".join(COLUMNS) + "\n", ("sheet.tsv: no sequences",)),
    Bad("latin 1", cell(well="\N{MICRO SIGN}").encode("latin-1"), ("not a text file in UTF-8",)),
    Bad("UTF-16", rows().encode("utf-16"), ("not a text file in UTF-8",)),
    Bad("an image", b"II*\0\x08\0\0\0\xff\xff" + bytes(100), ("not a text file in UTF-8",)),
    Bad("commas", rows().replace("\t", ","), ("sheet.tsv:1: one column", "tab-separated")),
    Bad("missing column", rows(columns=without), ("sheet.tsv:1: no column split",)),
    Bad("unknown column", rows(columns=[*COLUMNS, "colour"]), ("sheet.tsv:1: unknown column 'colour'",)),
    Bad("column twice", rows(columns=[*COLUMNS, "raw"]), ("sheet.tsv:1: column raw stands 2 times",)),
    Bad("a tab too many", rows().replace("\n", "\t\n"), ("sheet.tsv:1: a column without a name",)),
    Bad("a row cut off", rows() + "f99\thela\n", ("sheet.tsv:14: 2 values", f"wanted {len(COLUMNS)}")),
    Bad("sequence twice", rows({}, {"sequence": "f0"}), ("sheet.tsv:3: sequence = f0", "line 2 has it too")),
    Bad("twice but for a capital", rows({}, {"sequence": "F0"}), ("sheet.tsv:3: sequence = F0", "line 2 has f0 too")),
    Bad("cohort but for a capital", rows({}, {"cohort": "HeLa"}), ("sheet.tsv:3: cohort = HeLa", "hela as in line 2")),
    Bad("path as sequence", cell(sequence="../x"), (r"sheet.tsv:2: sequence = \.\./x", NAMES)),
    Bad("dots as cohort", cell(cohort=".."), (r"sheet.tsv:2: cohort = \.\. ", NAMES)),
    Bad("absolute cohort", cell(cohort="/data/x"), ("sheet.tsv:2: cohort = /data/x", NAMES)),
    Bad("slash in a sequence", cell(sequence="a/b"), ("sheet.tsv:2: sequence = a/b", NAMES)),
    Bad("backslash in a cohort", cell(cohort="a\\b"), ("sheet.tsv:2: cohort = a", NAMES)),
    Bad("space in a sequence", cell(sequence="well 1"), ("sheet.tsv:2: sequence = well 1", NAMES)),
    Bad("option as sequence", cell(sequence="-rf"), ("sheet.tsv:2: sequence = -rf", "the first no hyphen")),
    Bad("braces in a sequence", cell(sequence="{cohort}"), ("sheet.tsv:2: sequence = {cohort}", NAMES)),
    Bad("sequence called NA", cell(sequence="NA"), ("sheet.tsv:2: sequence = NA", NAMES)),
    Bad("name without end", cell(sequence="a" * 300), ("sheet.tsv:2: sequence = aaa", NAMES)),
    Bad("markup in a sequence", cell(sequence="<b>x</b>"), ("sheet.tsv:2: sequence = <b>x</b>", NAMES)),
    Bad("null byte", cell(well="a\0"), (r"sheet.tsv:2: well = 'a\\x00'", "printed")),
    Bad("colours of the terminal", cell(well="\x1b[31mred"), (r"sheet.tsv:2: well = '\\x1b\[31mred'", "printed")),
    Bad("form feed", cell(replicate="r\x0c1"), (r"sheet.tsv:2: replicate = 'r\\x0c1'", "printed")),
    Bad("text from right to left", cell(well="a\u202eb"), (r"sheet.tsv:2: well = 'a\\u202eb'", "printed")),
    Bad("another cell line", cell(cell_line="HEK"), ("sheet.tsv:2: cell_line = HEK", r"HeLa\|CHO\|any")),
    Bad("another condition", cell(condition="dyed"), ("sheet.tsv:2: condition = dyed", r"stained\|unstained")),
    Bad("another confluence", cell(confluence="80%"), ("sheet.tsv:2: confluence = 80%", r"low\|medium\|high")),
    Bad("another side", cell(split="training"), ("sheet.tsv:2: split = training", "did you mean train")),
    Bad("no number", cell(pixel_size_um="small"), ("sheet.tsv:2: pixel_size_um = small", "a number above 0")),
    Bad("decimal comma", cell(pixel_size_um="0,325"), ("pixel_size_um = 0,325", "decimal point")),
    Bad("decimal comma of a spreadsheet", spreadsheet(cell(pixel_size_um="0,325")), ("pixel_size_um = 0,325 ",)),
    Bad("line below notes", spreadsheet(NOTES + cell(split="x, y")), ("sheet.tsv:4: split = x, y ",)),
    Bad("quote that is not closed", cell(cohort='"hela'), ('sheet.tsv:2: cohort = "hela ', NAMES)),
    Bad("a quote alone", cell(cohort='"'), ('sheet.tsv:2: cohort = " ', NAMES)),
    Bad("three quotes", cell(cohort='"""'), ('sheet.tsv:2: cohort = """ ', NAMES)),
    Bad("a quote within quotes", cell(cohort='"he"la"'), ('sheet.tsv:2: cohort = "he"la" ', NAMES)),
    Bad("a tab within quotes", cell(well='"1\t2"'), (f"sheet.tsv:2: {len(COLUMNS) + 1} values",)),
    Bad("negative pixel", cell(pixel_size_um="-0.3"), ("pixel_size_um = -0.3", "above 0")),
    Bad("pixel in nm", cell(pixel_size_um="325"), ("pixel_size_um = 325", "um per pixel, 0.02 to 2")),
    Bad("digits of another script", cell(wavelength_nm="\u0665\u0665\u0660"), ("wavelength_nm = ", "above 0")),
    Bad("wavelength in um", cell(wavelength_nm="0.55"), ("wavelength_nm = 0.55", "write 550")),
    Bad("no end of time", cell(frame_interval_min="1e999"), ("frame_interval_min = 1e999", "at most")),
    Bad("start without end", cell(start_h="1e999"), ("start_h = 1e999", "at most")),
    Bad("start at noon", cell(start_h="noon"), ("start_h = noon", "hours")),
    Bad("not a number", cell(frame_interval_min="nan"), ("frame_interval_min = nan", "above 0")),
    Bad("tile by commas", cell(tile="0,1"), ("tile = 0,1", "c0r2")),
    Bad("no image", cell(raw="", live="", dead=""), ("sheet.tsv:2: raw = nothing", "raw frames here")),
    Bad("both raw and phase", cell(phase="a.tif"), ("sheet.tsv:2: phase = a.tif", "not both")),
    Bad("one dye", cell(dead=""), ("sheet.tsv:2: dead = nothing", "both fluorescence stacks")),
    Bad("side without truth", cell(live="", dead="", split="train"), ("sheet.tsv:2: split = train", "no truth")),
    Bad("image not there", cell(**FILE | {"raw": "gone.tif"}), ("raw = gone.tif", "gone.tif is not there")),
    Bad("a folder for an image", cell(**FILE | {"raw": "folder"}), ("raw = folder", "folder is a folder")),
    Bad("an address", cell(**FILE | {"raw": "https://x.y/a.tif"}), ("raw = https://x.y/a.tif", "is not there")),
    Bad("a path too long", cell(**FILE | {"raw": "a" * 400}), ("raw = aaa", "is not there")),
    Bad("null byte in a path", cell(**FILE | {"raw": "a\0.tif"}), (r"raw = 'a\\x00.tif'", "printed")),
    Bad("unknown field of a pattern", cell(**FILE | {"raw": "a{x}.tif"}), (r"raw = a\{x\}.tif: \{x\} has no meaning",)),
    Bad("pattern that fits nothing", cell(**FILE | {"raw": "q{t}.tif"}), ("no file fits the pattern",)),
    Bad("series with a hole", cell(**FILE | {"raw": "hole_t{t}.tif"}), ("hole_t{t}.tif: t 1 missing",)),
    Bad("dates for times", cell(**FILE | {"raw": "date_{t}.tif"}), ("t from 20240101 to 99990101",)),
    Bad("a range without end", cell(**FILE | {"raw": "a{t:0-" + "9" * 5000 + "}.tif"}), ("has no meaning",)),
    Bad(
        "dyes of other lengths",
        cell(raw="raw_t{t}.tif", live="live_t{t}.tif", dead="dead_t{t}.tif"),
        ("sheet.tsv:2: time points: raw 3, live 2, dead 3",),
    ),
    Bad(
        "a film on two sides",
        rows(FILE | {"split": "predict"}, FILE | {"split": "predict"}),
        ("sheet.tsv:3: raw = a.tif", "line 2 has it too"),
    ),
    Bad(
        "a film in two cohorts and on two sides",
        rows(FILE | {"split": "predict"}, FILE | {"split": "NA", "cohort": "other"}),
        ("sheet.tsv:3: raw = a.tif", "with the same split in both rows"),
    ),
    Bad(
        "a film under a link",
        rows(FILE | {"split": "predict"}, FILE | {"raw": "link.tif", "split": "predict"}),
        ("sheet.tsv:3: raw = link.tif", "line 2 has it too|has a.tif too"),
    ),
    Bad("real and simulated", cell(origin="real"), ("sheet.tsv:2: origin = real", "are simulated")),
    Bad("too few to divide", rows().split("f2\t")[0], ("cohort hela: no sequence on the side test",)),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Images that sheets name, empty: nothing opens them before the first job."""
    images = ["a.tif", "hole_t0.tif", "hole_t2.tif", "date_20240101.tif", "date_99990101.tif"]
    images += [f"{name}_t{t}.tif" for name in ("raw", "live", "dead") for t in range(3) if (name, t) != ("live", 2)]
    for name in images:
        (tmp_path / name).touch()
    (tmp_path / "link.tif").symlink_to(tmp_path / "a.tif")
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path, content):
    if content == "FOLDER":
        path.mkdir()
    elif content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def read(path):
    # The settings of the project name cohorts of its own sheet.
    return read_inputs(CONFIG | {"sheet": str(path), "cohorts": {}}, SCHEMA)


@cases(CASES)
def test_a_bad_sheet_gives_one_error(folder, case):
    write(folder / "sheet.tsv", case.spoil)
    before = contents(folder)
    with pytest.raises(LiveDeadError) as error:
        read(folder / "sheet.tsv")
    assert_one_error(str(error.value).splitlines(), case)
    assert "sheet.tsv" in str(error.value) or "cohort hela" in str(error.value)
    assert contents(folder) == before


@pytest.mark.parametrize(
    "text",
    [
        rows().replace("\n", "\r\n"),
        "\ufeff" + rows(),
        rows().replace("\n", "\r"),
        "# note\n\n" + rows() + "\n\n",
        rows().replace("sequence", " sequence "),
        spreadsheet(NOTES + cell(well='A, "1"')),
        cell(well="\N{GREEK SMALL LETTER ALPHA} <1> & 'x'"),
    ],
    ids=[
        "ends of Windows",
        "mark of the order of bytes",
        "ends of old Macs",
        "notes",
        "spaces in the head",
        "Excel",
        "signs",
    ],
)
def test_what_editors_do_to_a_sheet_is_no_mistake(folder, text):
    write(folder / "sheet.tsv", text)
    assert len(read(folder / "sheet.tsv").sequences) == 12


def test_every_mistake_of_sheet_and_settings_comes_at_once(folder):
    write(folder / "sheet.tsv", rows({"cell_line": "HEK"}, {"split": "x"}, {"sequence": "../x", "pixel_size_um": "0"}))
    wrong = CONFIG | {"sheet": str(folder / "sheet.tsv"), "cohorts": {}, "seed": -1, "colour": "blue"}
    with pytest.raises(LiveDeadError) as error:
        read_inputs(wrong, SCHEMA)
    found = [line.split(" = ")[0].split(": ")[-1] for line in str(error.value).splitlines()]
    assert sorted(found) == ["cell_line", "colour", "pixel_size_um", "seed", "sequence", "split"]
