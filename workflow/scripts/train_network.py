"""Train the E-U-Net of a cohort and write its weights, learning curve and model card."""

import json

from livedead.desk.files import whole_file
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import write_table
from livedead.net.checkpoint import Checkpoint
from livedead.net.frames import LabelledFrames
from livedead.net.training import train_network
from livedead.optics.stacks import read_frames

with rule_log(snakemake):
    files, params = snakemake.input, snakemake.params
    sides = {
        side: LabelledFrames(map(read_frames, files[f"{side}_phases"]), map(read_frames, files[f"{side}_labels"]))
        for side in ("training", "validation", "rehearsal")
    }
    checkpoint = Checkpoint(params.state, params.code)
    job = {"settings": params.settings, "seed": params.seed, "threads": snakemake.threads, "checkpoint": checkpoint}
    model, history, card = train_network(**sides, **job, start="".join(files.start_weights))
    with whole_file(snakemake.output.weights) as weights, whole_file(snakemake.output.card) as text:
        model.save_weights(weights)
        text.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    write_table(snakemake.output.history, history)
    checkpoint.remove()
