"""Train the E-U-Net of a cohort and write its weights, learning curve and model card."""

from livedead.desk.files import whole_file
from livedead.desk.model_folder import signed_card
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import write_table
from livedead.net.checkpoint import Checkpoint
from livedead.net.frames import LabelledFrames
from livedead.net.training import train_network
from livedead.net.weight_files import save_weights
from livedead.optics.stacks import read_frames

with rule_log(snakemake):
    files, params, kinds = snakemake.input, snakemake.params, ("training", "validation", "rehearsal")
    pairs = ((files[f"{kind}_phases"], files[f"{kind}_labels"]) for kind in kinds)
    sides = [LabelledFrames(map(read_frames, phases), map(read_frames, labels)) for phases, labels in pairs]
    checkpoint, start = Checkpoint(params.state, params.code), "".join(files.start_weights)
    how = (params.settings, params.seed, params.settings["threads"] or snakemake.threads)
    model, history, card = train_network(*sides[:2], *how, checkpoint, start, sides[2])
    with whole_file(snakemake.output.weights) as weights, whole_file(snakemake.output.card) as text:
        save_weights(model, weights)
        text.write_text(signed_card(card, weights), encoding="utf-8")
    write_table(snakemake.output.history, history)
    checkpoint.remove()
