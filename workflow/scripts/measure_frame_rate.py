"""Time phase retrieval and network for every frame of the film shown in Video 3."""

import json
from pathlib import Path

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import write_table
from livedead.net.inference import restore_network
from livedead.net.speed import FRAME_RATE_COLUMNS, measure_frame_rate
from livedead.optics.stacks import read_frames

with rule_log(snakemake) as log:
    params, threads = snakemake.params, snakemake.threads
    card = json.loads(Path(snakemake.input.card).read_text(encoding="utf-8"))
    rows = measure_frame_rate(
        restore_network(card, snakemake.input.weights, threads),
        read_frames(snakemake.input.raw, channels=len(params.phase["frame_order"])),
        phase_settings=params.phase,
        scaling=card["settings"]["input_scaling"],
        window=card["settings"]["input_window"],
        warm_up_frames=params.warm_up_frames,
        threads=threads,
    )
    write_table(snakemake.output.rates, rows, FRAME_RATE_COLUMNS)
    log.info("%s: %.3g frames per second", params.sequence, rows[-1]["frames_per_second"])
