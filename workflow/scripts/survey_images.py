"""List what the images of the run are in fact: frames, pixels, field and times, from the files themselves."""

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import write_table
from livedead.optics.stacks import stack_info
from livedead.optics.survey import SURVEY_COLUMNS, films_of, survey_images

with rule_log(snakemake) as log:
    files, params = snakemake.input, snakemake.params
    films = films_of(files.raw, params.raw_files)
    raws = [stack_info(film, channels) for film, channels in zip(films, params.interferograms, strict=True)]
    rows = survey_images(
        params.sequences, [stack_info(path) for path in files.phase], dict(zip(params.with_raw, raws, strict=True))
    )
    write_table(snakemake.output.table, rows, SURVEY_COLUMNS)
    log.info("%d films, %d images", len(rows), sum(row["frames"] for row in rows))
