"""Files below a folder: each once, through links too, and nothing left out."""

import os

from livedead.desk.folder_files import list_files


def listed(folder):
    paths, reasons = list_files(folder)
    short = {os.path.relpath(path, folder): path for path in paths}
    assert set(reasons) <= set(paths)
    return sorted(short), {name: reasons[path] for name, path in short.items() if path in reasons}


def file(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def test_files_of_linked_folders_are_listed(tmp_path):
    file(tmp_path / "plate/B02.tif")
    file(tmp_path / "disk/day1/B03.tif")
    (tmp_path / "plate/linked").symlink_to(tmp_path / "disk")
    assert listed(tmp_path / "plate") == (["B02.tif", "linked/day1/B03.tif"], {})


def test_loops_end_and_no_file_comes_twice(tmp_path):
    file(tmp_path / "plate/z/B02.tif")
    (tmp_path / "plate/a").symlink_to("z")
    (tmp_path / "plate/z/up").symlink_to("..")
    (tmp_path / "plate/z/out").symlink_to(tmp_path)
    again = "link to a folder that is counted already"
    names, reasons = listed(tmp_path / "plate")
    assert (names, reasons) == (["a", "z/B02.tif", "z/up"], {"a": again, "z/up": again})


def test_what_cannot_be_read_is_told(tmp_path, monkeypatch):
    (tmp_path / "shut").mkdir()
    (tmp_path / "gone.tif").symlink_to("nowhere")
    scandir = os.scandir

    def refusing(path):
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    names, reasons = listed(tmp_path)
    assert names == ["gone.tif", "shut"]
    assert reasons["gone.tif"].startswith("no file behind this name")
    assert reasons["shut"] == "folder that cannot be read (Permission denied)"


def test_names_are_those_below_the_folder_as_it_was_given(tmp_path, monkeypatch):
    file(tmp_path / "day1/B02.tif")
    monkeypatch.chdir(tmp_path)
    assert list_files(".") == (["day1/B02.tif"], {})
    assert list_files("day1/") == (["day1/B02.tif"], {})
