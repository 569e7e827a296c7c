"""The sheet: every mistake is named with its line, all at once."""

import pytest
from livedead.desk.errors import SheetError
from livedead.desk.sheet import COLUMNS, read_sheet


def mistakes(path, folder="."):
    with pytest.raises(SheetError) as error:
        read_sheet(path, folder)
    return str(error.value).splitlines()


def test_row_is_parsed(write_sheet):
    (row,) = read_sheet(write_sheet({"start_h": "1.5", "confluence": "", "split": "test"}))
    assert (row.sequence, row.cohort, row.well) == ("f1", "hela", "1")
    assert (row.pixel_size_um, row.wavelength_nm, row.frame_interval_min, row.start_h) == (0.325, 550, 60, 1.5)
    assert (row.raw, row.phase, row.confluence, row.split) == ("simulated", None, None, "test")
    assert row.has_truth


def test_order_of_columns_is_free(write_sheet):
    assert read_sheet(write_sheet({}, columns=COLUMNS[::-1])) == read_sheet(write_sheet({}))


def test_without_dyes_or_labels_there_is_no_truth(write_sheet):
    (row,) = read_sheet(write_sheet({"live": "NA", "dead": ""}))
    assert not row.has_truth


def test_paths_start_in_the_data_folder(write_sheet, tmp_path):
    for name in ("phase.tif", "labels.tif"):
        (tmp_path / name).write_text("")
    cells = {"raw": "", "live": "", "dead": "", "phase": "phase.tif", "labels": "labels.tif"}
    (row,) = read_sheet(write_sheet(cells), tmp_path)
    assert row.phase == str(tmp_path / "phase.tif")
    assert row.has_truth


def test_all_missing_files_are_listed(write_sheet, tmp_path):
    path = write_sheet(
        {"raw": "a.tif", "live": "b.tif", "dead": "c.tif"}, {"sequence": "f2", "raw": "d.tif", "live": "", "dead": ""}
    )
    assert mistakes(path, tmp_path) == [
        f"{path}:3: raw = a.tif (wanted an existing file; {tmp_path / 'a.tif'} is not there)",
        f"{path}:3: live = b.tif (wanted an existing file; {tmp_path / 'b.tif'} is not there)",
        f"{path}:3: dead = c.tif (wanted an existing file; {tmp_path / 'c.tif'} is not there)",
        f"{path}:4: raw = d.tif (wanted an existing file; {tmp_path / 'd.tif'} is not there)",
    ]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"sequence": "a_1"}, "sequence = a_1 (wanted 1 to 80 letters, digits and hyphens, the first no hyphen)"),
        ({"cohort": ""}, "cohort = nothing (wanted 1 to 80 letters, digits"),
        ({"cell_line": "HELA"}, "cell_line = HELA (wanted HeLa|CHO|any; did you mean HeLa?)"),
        ({"condition": "stain"}, "condition = stain (wanted stained|unstained|stained_after; did you mean stained?)"),
        ({"confluence": "tiny"}, "confluence = tiny (wanted low|medium|high|NA)"),
        ({"split": "valid"}, "split = valid (wanted train|validation|test|predict|NA; did you mean validation?)"),
        (
            {"pixel_size_um": "0,325"},
            "pixel_size_um = 0,325 (wanted a number above 0; with a decimal point, not a comma)",
        ),
        ({"wavelength_nm": "0"}, "wavelength_nm = 0 (wanted a number above 0)"),
        ({"frame_interval_min": "NA"}, "frame_interval_min = NA (wanted a number above 0)"),
        ({"start_h": "noon"}, "start_h = noon (wanted hours from the begin of the experiment, or NA)"),
        ({"raw": "", "live": "", "dead": ""}, "raw = nothing (wanted the raw frames here, or"),
        ({"phase": "simulated"}, "phase = simulated (wanted nothing beside raw"),
        ({"dead": "NA"}, "dead = NA (wanted both fluorescence stacks, live and dead, or neither)"),
        ({"labels": "simulated"}, "labels = simulated (wanted nothing beside live and dead"),
        ({"live": "", "dead": "", "split": "test"}, "split = test (wanted predict or NA: without live and dead"),
        ({"live": "x.tif"}, "live = x.tif (wanted simulated, as raw is, or nothing)"),
        ({"raw": "", "phase": "simulated", "live": "", "dead": ""}, "phase = simulated (wanted a file; only raw"),
    ],
)
def test_wrong_cells(write_sheet, cells, message):
    path = write_sheet({"sequence": "good"}, cells)
    assert any(line.startswith(f"{path}:4: {message}") for line in mistakes(path))


def test_errors_of_all_rows_come_together(write_sheet):
    path = write_sheet({"cell_line": "HELA", "split": "x"}, {}, {"sequence": "f3", "start_h": "?"})
    lines = mistakes(path)
    assert [line.split(": ")[0] for line in lines] == [f"{path}:3", f"{path}:3", f"{path}:4", f"{path}:5"]
    assert "sequence = f1 (wanted one of its own; line 3 has it too)" in lines[2]


def test_one_film_under_two_names(write_sheet, tmp_path):
    (tmp_path / "a.tif").write_text("")
    cells = {"raw": "a.tif", "live": "", "dead": ""}
    path = write_sheet(cells, cells | {"sequence": "f2"})
    assert mistakes(path, tmp_path) == [f"{path}:4: raw = a.tif (wanted one of its own; line 3 has it too)"]


def test_sheet_with_commas(write_sheet):
    path = write_sheet({})
    path.write_text(path.read_text().replace("\t", ","))
    (line,) = mistakes(path)
    assert line.startswith(f"{path}:2: one column")
    assert line.endswith("is the file tab-separated?)")


def test_header_mistakes(write_sheet):
    columns = [*(c for c in COLUMNS if c not in ("pixel_size_um", "split")), "pixel_size", "raw"]
    path = write_sheet({}, columns=columns)
    lines = mistakes(path)
    assert f"{path}:2: unknown column 'pixel_size' (did you mean pixel_size_um?)" in lines
    assert f"{path}:2: column raw stands 2 times (wanted once)" in lines
    assert f"{path}:2: no column split (wanted)" in lines
    assert f"{path}:2: no column pixel_size_um (wanted)" in lines


def test_row_with_too_few_cells(write_sheet):
    path = write_sheet({})
    path.write_text(path.read_text() + "f2\thela\n")
    assert mistakes(path) == [
        f"{path}:4: 2 values (wanted {len(COLUMNS)}, one per column; are they separated by tabs?)"
    ]


def test_cells_in_quotes_are_those_of_a_spreadsheet(write_sheet):
    path = write_sheet({"well": '"1, ""A"""', "replicate": '"r""1', "cohort": '"hela"'})
    path.write_text('"# cohort B, ""low"""\t\t\n\t\t\n' + path.read_text())
    (row,) = read_sheet(path)
    assert (row.well, row.replicate, row.cohort) == ('1, "A"', '"r""1', "hela")
    path.write_text(path.read_text().replace("HeLa", '"HeLa, CHO"'))
    (line,) = mistakes(path)
    assert line.startswith(f"{path}:5: cell_line = HeLa, CHO (wanted ")


def test_no_sheet_no_rows_no_text(write_sheet, tmp_path):
    assert "no such sheet" in mistakes(tmp_path / "none.tsv")[0]
    assert "no sequences" in mistakes(write_sheet())[0]
    path = tmp_path / "sheet.tsv"
    path.write_text("# only a comment\n")
    assert "empty" in mistakes(path)[0]
    path.write_bytes(b"\xff\xfe\x00s")
    assert "not a text file" in mistakes(path)[0]


def images(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")


REAL = {"raw": "a.tif", "live": "", "dead": ""}


def test_a_pattern_is_kept_and_starts_in_the_data_folder(write_sheet, tmp_path):
    images(tmp_path, *(f"{name}_t{t}.tif" for name in ("live", "dead") for t in (0, 1)))
    images(tmp_path, *(f"raw_t{t}_m{m}.tif" for t in (0, 1) for m in range(4)))
    cells = {"raw": "raw_t{t}_m{m}.tif", "live": "live_t{t}.tif", "dead": "dead_t{t}.tif"}
    (row,) = read_sheet(write_sheet(cells), tmp_path)
    assert (row.raw, row.live) == (str(tmp_path / "raw_t{t}_m{m}.tif"), str(tmp_path / "live_t{t}.tif"))


def test_holes_in_series_come_with_all_other_errors(write_sheet, tmp_path):
    images(tmp_path, "a_t0.tif", "a_t2.tif", "b_t0_m0.tif", "b_t1_m1.tif")
    path = write_sheet(
        REAL | {"raw": "a_t{t}.tif"},
        REAL | {"sequence": "f2", "raw": "b_t{t}_m{m}.tif", "cell_line": "HELA"},
        REAL | {"sequence": "f3", "raw": "", "phase": "a_t0{m}.tif"},
    )
    assert mistakes(path, tmp_path) == [
        f"{path}:3: raw = a_t{{t}}.tif: t 1 missing (wanted every t from 0 to 2)",
        f"{path}:4: cell_line = HELA (wanted HeLa|CHO|any; did you mean HeLa?)",
        f"{path}:4: raw = b_t{{t}}_m{{m}}.tif: m 1 missing at t 0 (wanted m 0 to 1 at every t)",
        f"{path}:4: raw = b_t{{t}}_m{{m}}.tif: m 0 missing at t 1 (wanted m 0 to 1 at every t)",
        f"{path}:5: phase = a_t0{{m}}.tif (wanted a pattern without {{m}}: only interferograms have several per time "
        "point)",
    ]


def test_series_of_one_row_have_as_many_time_points(write_sheet, tmp_path):
    images(tmp_path, *(f"raw_t{t}_m{m}.tif" for t in range(3) for m in range(4)))
    images(tmp_path, "live_t0.tif", "live_t1.tif", "dead_t0.tif", "dead_t1.tif")
    cells = {"raw": "raw_t{t}_m{m}.tif", "live": "live_t{t}.tif", "dead": "dead_t{t}.tif"}
    path = write_sheet(cells)
    (line,) = mistakes(path, tmp_path)
    assert line.startswith(f"{path}:3: time points: raw 3, live 2, dead 2 (wanted as many in each column")
    (row,) = read_sheet(write_sheet(cells | {"raw": "raw_t{t:0-1}_m{m}.tif"}), tmp_path)
    assert row.has_truth


def test_one_file_in_two_places(write_sheet, tmp_path):
    images(tmp_path, "a_t0.tif", "a_t1.tif", "b.tif", "c.tif", "d.tif")
    path = write_sheet(
        REAL | {"raw": "a_t{t}.tif"},
        REAL | {"sequence": "f2", "raw": "./a_t1.tif"},
        REAL | {"sequence": "f3", "raw": "b.tif", "live": "c.tif", "dead": "c.tif"},
        REAL | {"sequence": "f4", "raw": "d.tif", "live": "b.tif", "dead": "a_t0.tif"},
    )
    assert mistakes(path, tmp_path) == [
        f"{path}:4: raw = ./a_t1.tif (wanted one of its own; line 3 has it too)",
        f"{path}:5: dead = c.tif (wanted one of its own; this row has it as live)",
        f"{path}:6: live = b.tif (wanted one of its own; line 5 has it as raw)",
        f"{path}:6: dead = a_t0.tif (wanted one of its own; line 3 has it as raw)",
    ]


def test_a_series_in_two_rows_is_said_once(write_sheet, tmp_path):
    images(tmp_path, *(f"a_t{t}.tif" for t in range(5)))
    cells = REAL | {"raw": "a_t{t}.tif"}
    path = write_sheet(cells, cells | {"sequence": "f2", "raw": "a_t{t:2-4}.tif"})
    assert mistakes(path, tmp_path) == [
        f"{path}:4: raw = a_t{{t:2-4}}.tif (wanted files of its own; line 3 has a_t2.tif too)"
    ]


@pytest.mark.parametrize(
    ("first", "second", "allowed"),
    [
        ({"split": "predict"}, {"split": "predict", "cohort": "other"}, True),
        ({"split": "predict"}, {"split": "predict"}, False),
        ({"split": "predict"}, {"split": "NA", "cohort": "other"}, False),
        ({"split": "NA"}, {"split": "NA", "cohort": "other"}, False),
        ({"split": "train"}, {"split": "test", "cohort": "other"}, False),
        ({"split": "test"}, {"split": "test", "cohort": "other"}, True),
    ],
)
def test_one_film_in_two_cohorts_is_on_one_side(write_sheet, tmp_path, first, second, allowed):
    images(tmp_path, "a.tif", "l.tif")
    film = {"raw": "", "live": "", "dead": "", "phase": "a.tif", "labels": "l.tif"}
    path = write_sheet(film | first, film | second | {"sequence": "f2"})
    if allowed:
        assert len(read_sheet(path, tmp_path)) == 2
    else:
        (line,) = mistakes(path, tmp_path)
        assert line.startswith(f"{path}:4: phase = a.tif (wanted one of its own; line 3 has it too")
        assert ("same split in both rows" in line) == ("cohort" in second)


def test_tile_is_free_to_be_absent(write_sheet):
    (row,) = read_sheet(write_sheet({}, columns=[c for c in COLUMNS if c != "tile"]))
    assert row.tile is None
    (row,) = read_sheet(write_sheet({"tile": "c0r12"}))
    assert row.tile == "c0r12"
    path = write_sheet({"tile": "0,1"})
    assert mistakes(path) == [
        f"{path}:3: tile = 0,1 (wanted column and row of the field in the well's mosaic as c0r2, or NA)"
    ]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"pixel_size_um": "3.08"}, "um per pixel, 0.02 to 2; if it is in pixels per um, write 0.3247"),
        ({"pixel_size_um": "0.000325"}, "um per pixel, 0.02 to 2; if it is in mm, write 0.325"),
        ({"pixel_size_um": "1000"}, "um per pixel, 0.02 to 2"),
        ({"wavelength_nm": "0.55"}, "nm, 300 to 1100; if it is in um, write 550"),
        ({"wavelength_nm": "5500"}, "nm, 300 to 1100"),
    ],
)
def test_numbers_of_another_unit(write_sheet, cells, message):
    ((column, value),) = cells.items()
    path = write_sheet(cells)
    assert mistakes(path) == [f"{path}:3: {column} = {value} (wanted {message})"]


def test_origin_of_files_is_real_unless_the_sheet_says_simulated(write_sheet):
    (row,) = read_sheet(write_sheet({}, columns=[c for c in COLUMNS if c != "origin"]))
    assert row.cells == "simulated"
    path = write_sheet({"origin": "real"})
    with pytest.raises(SheetError, match=r":3: origin = real \(wanted simulated or NA"):
        read_sheet(path)
    given = {"raw": "NA", "live": "NA", "dead": "NA", "phase": "given.tif"}
    (path.parent / "given.tif").touch()
    for origin, cells in (("NA", "real"), ("simulated", "simulated"), ("real", "real")):
        (row,) = read_sheet(write_sheet(given | {"origin": origin}), path.parent)
        assert row.cells == cells
