"""Hold what went into every stage against what came out and what was dropped; end the run where they differ."""

from livedead.desk.counts import COUNT_COLUMNS, add_up, refuse_gaps
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import write_table
from livedead.desk.tallies import place_of, tally_film, tally_rows, tally_tables
from livedead.optics.stacks import read_frames
from livedead.optics.survey import films_of

with rule_log(snakemake) as log:
    files, params = snakemake.input, snakemake.params
    found = tally_tables(dict(files.items())) | {name: tally_rows(*told) for name, told in params.told.items()}
    for kind in params.stacks:
        found[kind] = {place_of(path): tally_film(len(read_frames(path)), path) for path in files[kind]}
    # Images from outside, in as many files as it pleased the microscope.
    for kind, films in params.opened.items():
        paths = films_of(files[kind], [film["files"] for film in films])
        opened = [read_frames(path, film["channels"]) for path, film in zip(paths, films, strict=True)]
        frames = map(tally_film, map(len, opened), map(str, opened))
        found[kind] = dict(zip([(film["cohort"], film["sequence"]) for film in films], frames, strict=True))
    rows = add_up(found)
    refuse_gaps(rows)
    write_table(snakemake.output.table, rows, COUNT_COLUMNS)
    log.info("%d counts add up", len(rows))
