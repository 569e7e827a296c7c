"""Compare the tracks of a simulated film with its true identities."""

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table, write_table
from livedead.motion.track_truth import TRUTH_COLUMNS, judge_tracks
from livedead.optics.stacks import stack_info

with rule_log(snakemake) as log:
    source, wildcards = snakemake.input, snakemake.wildcards
    about = {"cohort": wildcards.cohort, "sequence": wildcards.sequence}
    frames = stack_info(source.labels).frames
    rows = judge_tracks(read_table(source.truth), read_table(source.tracks), frames, snakemake.params.memory)
    write_table(snakemake.output.nuclei, [about | row for row in rows], TRUTH_COLUMNS)
    log.info("%d nuclei alive and wholly in the field in all %d frames", len(rows), frames)
