import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from livedead.commands.napari import layers_of, main, open_viewer
from livedead.desk.errors import DataError
from livedead.desk.tables import write_table
from livedead.optics.stacks import write_stack

FRAMES = 3


@pytest.fixture
def results(tmp_path):
    def write(name, dtype, channels):
        stack = np.random.default_rng(1).integers(0, 3, (FRAMES, len(channels), 16, 24)).astype(dtype)
        form = {"pixel_size_um": 0.65, "frame_interval_min": 30}
        write_stack(tmp_path / name, stack, dtype=dtype, channels=channels, **form)

    write("phase/hela/f1.phase.ome.tif", "float32", ["phase [rad]"])
    write("phase/hela/f2.phase.ome.tif", "float32", ["phase [rad]"])
    write("labels/hela/f1.labels.ome.tif", "uint8", ["0 background, 1 live, 2 dead"])
    write("predict/hela/f1.labels.ome.tif", "uint8", ["0 background, 1 live, 2 dead"])
    write("predict/hela/f1.probability.ome.tif", "uint8", ["live", "dead", "background"])
    write_table(tmp_path / "predict/hela/f1.nuclei.tsv", [{"frame": 1, "time_h": 2.5}])
    (tmp_path / "track/hela").mkdir(parents=True)
    header = "track_id,t,y,x,label,time_h,area_um2,dry_mass_pg,p_dead,state,parents"
    (tmp_path / "track/hela/f1.napari.csv").write_text(
        f"{header}\n1,0,4,5,1,2,100,,0.1,live,\n1,1,4,6,1,2.5,100,,0.1,live,\n"
    )
    return tmp_path


def test_all_files_of_a_film(results):
    layers = layers_of(results, "f1")
    assert [kind for _, _, kind in layers] == ["image", "image", "image", "labels", "labels", "tracks"]
    assert {look["translate"][0] for _, look, _ in layers} == {2.0}  # the second frame is at 2.5 h
    assert np.asarray(layers[0][0]).shape == (FRAMES, 16, 24)


def test_a_film_that_was_only_retrieved(results):
    [(_, look, kind)] = layers_of(results, "f2")
    assert (look["name"], look["translate"], kind) == ("phase [rad]", (0.0, 0, 0), "image")


def test_a_wrong_name_is_answered_with_the_right_ones(results, capsys):
    with pytest.raises(DataError, match=r"f9: found 0 phase maps .* there are f1, f2\)"):
        layers_of(results, "f9")
    assert main(["f9", "--results", str(results)]) == 1
    assert "check the name" in capsys.readouterr().err


def test_without_napari_it_says_how_to_install_it(results, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "napari", None)
    assert main(["f1", "--results", str(results)]) == 1
    assert 'pip install "napari[pyqt6]"' in capsys.readouterr().err


def test_the_viewer_gets_every_layer(results, monkeypatch):
    added, steps = [], []

    class Viewer:
        def __init__(self, title):
            self.title = title
            self.dims = SimpleNamespace(set_point=lambda axis, value: steps.append((axis, value)))
            self.canvas = SimpleNamespace(overlays=SimpleNamespace(scale_bar=SimpleNamespace(visible=False)))

        def __getattr__(self, name):
            def add(data, **look):
                added.append((name, SimpleNamespace(data=data, contour=0, **look)))
                return added[-1][1]

            return add

    napari = ModuleType("napari")
    napari.Viewer, napari.run = Viewer, lambda: steps.append("run")
    monkeypatch.setitem(sys.modules, "napari", napari)
    viewer = open_viewer("f1", layers_of(results, "f1"))
    assert (viewer.title, viewer.canvas.overlays.scale_bar.visible) == ("f1", True)
    assert [name for name, _ in added] == ["add_image"] * 3 + ["add_labels"] * 2 + ["add_tracks"]
    assert [layer.contour for _, layer in added] == [0, 0, 0, 0, 2, 0]
    assert main(["f1", "--results", str(results)]) == 0
    assert steps == [(0, 2.0), "run"]
