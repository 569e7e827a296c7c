"""Draw growth of stained and unstained cells: film strips, single cells and means (Fig. 5a-f)."""

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table
from livedead.optics.stacks import read_frames
from livedead.paper.figure5 import draw_figure5
from livedead.paper.files import save_drawing
from livedead.paper.growthcurves import kept_lines
from livedead.paper.growthfilm import cut_strip

with rule_log(snakemake) as log:
    files, params, strips = snakemake.input, snakemake.params, {}
    tracks = [row for path in files.tracks for row in read_table(path)]
    lives = [row for path in files.lives for row in read_table(path)]
    for arm, sequence in params.shown.items():
        images = [read_frames(files[f"{arm}_{kind}"]) for kind in ("phase", "labels")]
        times = {"start_h": params.start_h[sequence], "wanted_h": params.times_h}
        strips[arm] = cut_strip(sequence, *images, tracks, lives, **times)
    tables = [read_table(files[name]) for name in ("timecourse", "comparison", "intervals")]
    lines = kept_lines(tracks, lives, params.conditions)
    drawing = draw_figure5(strips, lines, *tables, significance=params.significance, cells=params.cells)
    save_drawing(drawing, snakemake.output)
    log.info(drawing.caption)
