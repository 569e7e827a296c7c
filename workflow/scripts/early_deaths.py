"""Draw nuclei that look dead in the phase before the stain says so (Fig. S5)."""

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table
from livedead.optics.stacks import read_frames
from livedead.paper.early_deaths import draw_early_deaths
from livedead.paper.files import save_drawing

with rule_log(snakemake) as log:
    files, params = snakemake.input, snakemake.params
    films = {"phase": params.sequences, "predicted": params.sequences, "live": params.stained, "dead": params.stained}
    stacks = {name: dict(zip(films[name], map(read_frames, files[name]), strict=True)) for name in films}
    pixel_size_um = next(iter(stacks["phase"].values())).info.pixel_size_um
    found, counts = read_table(files.deaths), read_table(files.counts)
    drawing = draw_early_deaths(found, counts, stacks, pixel_size_um=pixel_size_um, **params.look)
    save_drawing(drawing, snakemake.output)
    log.info(drawing.caption)
