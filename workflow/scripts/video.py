"""Film phase, prediction and stain of one sequence (Videos 1 to 3)."""

from livedead.cells.tables import frame_times_h
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table
from livedead.optics.stacks import read_frames
from livedead.paper.movie import movie_page, save_movie
from livedead.paper.pages import Page, save_page
from livedead.paper.videos import COLUMNS, Movie

with rule_log(snakemake) as log:
    files, output, params = snakemake.input, snakemake.output, snakemake.params
    stacks = {name: read_frames(files[name]) for name in ("phase", "labels", "live", "dead") if files[name]}
    info = stacks["phase"].info
    times_h = frame_times_h(info.frames, params.start_h, info.frame_interval_min)
    rates = [row for path in files.rates for row in read_table(path)]
    look = {"rates": rates, "pixel_size_um": info.pixel_size_um, **params.look}
    movie = Movie(stacks, read_table(files.nuclei), times_h=times_h, **look)
    save_movie(output.mp4, output.png, movie, frames_per_second=params.speed, poster_frame=movie.poster_frame)
    page = movie_page(params.title, output.mp4, movie.caption)
    save_page(Page(page, movie.rows, movie.caption, COLUMNS), output)
    log.info(movie.caption)
