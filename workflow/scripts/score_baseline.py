"""Score a logistic regression on mean phase and area of every nucleus."""

from livedead.cells.baseline import score_baseline, sequence_features
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import write_table
from livedead.optics.stacks import read_frames

with rule_log(snakemake) as log:
    source = snakemake.input
    train = zip(source.train_labels, source.train_instances, source.train_phase, strict=True)
    test = zip(source.test_labels, source.test_instances, source.test_phase, strict=True)
    train, test = (sequence_features(map(read_frames, paths) for paths in side) for side in (train, test))
    write_table(snakemake.output.baseline, score_baseline(*train, *test))
