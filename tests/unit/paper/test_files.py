import hashlib

import pytest
from livedead.desk.errors import DataError
from livedead.desk.tables import read_table
from livedead.paper.files import Drawing, save_drawing
from livedead.paper.pages import Page, escape_rst, save_page
from livedead.paper.style import in_style, new_figure


@in_style
def small_figure():
    figure = new_figure(2, 3)
    figure.subplots().plot([0, 1], [1, 0], marker="o", label="line")
    figure.axes[0].set_title("loss & <more>")
    return figure


def paths(folder, *kinds):
    return {kind: str(folder / f"toy.{kind}") for kind in kinds}


def test_figure_leaves_vector_picture_and_source_data(tmp_path):
    output = paths(tmp_path, "svg", "png", "tsv", "caption")
    save_drawing(Drawing(small_figure(), [{"x": 1, "y": 0.5}], "Mean of f_1 is 3."), output)
    assert (tmp_path / "toy.png").read_bytes().startswith(b"\x89PNG")
    svg = (tmp_path / "toy.svg").read_text(encoding="utf-8")
    assert "loss &amp; &lt;more&gt;" in svg, "text stays text"
    assert read_table(output["tsv"]) == [{"x": 1, "y": 0.5}]
    assert (tmp_path / "toy.caption").read_text(encoding="utf-8") == "Mean of f\\_1 is 3.\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(f"toy.{kind}" for kind in output)


def test_equal_figures_are_equal_files(tmp_path):
    sums = []
    for name in ("first", "second"):
        output = paths(tmp_path / name, "svg", "png", "tsv", "caption")
        save_drawing(Drawing(small_figure(), [{"x": 1}], "."), output)
        sums.append([hashlib.sha256((tmp_path / name / f"toy.{kind}").read_bytes()).digest() for kind in output])
    assert sums[0] == sums[1]
    assert b"<dc:date>" not in (tmp_path / "first/toy.svg").read_bytes()


def test_a_line_without_points_takes_no_room(tmp_path):
    output = paths(tmp_path, "svg", "png", "tsv", "caption")
    places = []
    for points in ([], [0.5]):
        figure = new_figure(2, 5)
        right = figure.subplots(1, 2)[1]
        right.plot([0, 1], [1, 0])
        right.plot(points, points, ".", clip_on=False)
        save_drawing(Drawing(figure, [{"x": 1}], "."), output)
        places.append(right.get_position().bounds)
    assert places[0] == pytest.approx(places[1])


def test_columns_stand_for_a_table_without_rows(tmp_path):
    output = paths(tmp_path, "svg", "png", "tsv", "caption")
    save_drawing(Drawing(small_figure(), [], "Nothing.", ("sequence", "frame")), output)
    assert (tmp_path / "toy.tsv").read_text() == "sequence\tframe\n"
    with pytest.raises(DataError):
        save_drawing(Drawing(small_figure(), [], "Nothing."), output)


def test_page_leaves_html_and_source_data(tmp_path):
    output = paths(tmp_path, "html", "tsv", "caption")
    save_page(Page("<html>µ</html>", [{"entry": "a", "ours": None}], "All."), output)
    assert (tmp_path / "toy.html").read_text(encoding="utf-8") == "<html>µ</html>"
    assert (tmp_path / "toy.tsv").read_text() == "entry\tours\na\tNA\n"


def test_captions_cannot_break_the_report():
    docutils = pytest.importorskip("docutils.core")
    text = "well_ *A* `b` |c| \\ <d>"
    html = docutils.publish_parts(escape_rst(text), writer="html5", settings_overrides={"report_level": 1})["body"]
    assert html.strip() == "<p>well_ *A* `b` |c| \\ &lt;d&gt;</p>"
