"""Time phase retrieval and network for every frame of the film shown in Video 3."""

from livedead.desk.model_folder import read_card
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import write_table
from livedead.net.engines import make_predictor
from livedead.net.speed import FRAME_RATE_COLUMNS, measure_frame_rate
from livedead.optics.stacks import read_frames, read_stack

with rule_log(snakemake) as log:
    card = read_card(snakemake.input.card)
    rows = measure_frame_rate(
        make_predictor(card, snakemake.input.weights, snakemake.threads, snakemake.params.network),
        read_frames(snakemake.input.raw, channels=len(snakemake.params.phase["frame_order"])),
        phase_settings=snakemake.params.phase,
        scaling=card["settings"]["input_scaling"],
        window=card["settings"]["input_window"],
        warm_up_frames=snakemake.params.warm_up_frames,
        threads=snakemake.threads,
        background=[read_stack(path) for path in snakemake.input.background],
    )
    write_table(snakemake.output.rates, rows, FRAME_RATE_COLUMNS)
    log.info("%s: %.3g frames per second", snakemake.params.sequence, rows[-1]["frames_per_second"])
