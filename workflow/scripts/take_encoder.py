"""Take the encoder out of a trained network, so that other trainings can start from it."""

from livedead.desk.files import whole_file
from livedead.desk.model_folder import read_card
from livedead.desk.rulelog import rule_log
from livedead.net.inference import restore_network
from livedead.net.pretrained import take_encoder
from livedead.net.weight_files import save_weights

with rule_log(snakemake):
    card = read_card(snakemake.input.card)
    model = restore_network(card, snakemake.input.weights, snakemake.threads)
    with whole_file(snakemake.output.encoder) as weights:
        save_weights(take_encoder(model, card["encoder"]), weights)
