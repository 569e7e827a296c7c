"""Predict live, dead and background for every pixel of a sequence."""

from livedead.desk.model_folder import read_card
from livedead.desk.rulelog import rule_log
from livedead.net.channels import CHANNELS, stored_labels
from livedead.net.engines import make_predictor
from livedead.net.inference import predict_sequence
from livedead.optics.stacks import read_frames, write_stack

with rule_log(snakemake):
    params, output = snakemake.params, snakemake.output
    card = read_card(snakemake.input.card)
    model = make_predictor(card, snakemake.input.weights, snakemake.threads, params.network)
    phase = read_frames(snakemake.input.phase)
    form = {
        "pixel_size_um": phase.info.pixel_size_um,
        "frame_interval_min": phase.info.frame_interval_min,
        "compression": params.compression,
    }
    probability = predict_sequence(model, card, phase, params.batch_size, params.resample)
    write_stack(output.probability, probability, dtype="uint8", channels=CHANNELS, **form)
    labels = map(stored_labels, read_frames(output.probability))
    write_stack(output.labels, labels, dtype="uint8", channels=["0 background, 1 live, 2 dead"], **form)
