"""Write the network of a cohort as ONNX, and how far it is from the original."""

from livedead.desk.files import whole_file
from livedead.desk.model_folder import read_card
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import write_table
from livedead.net.inference import restore_network
from livedead.net.onnx_check import agreement, check_images, example_image
from livedead.net.onnx_export import onnx_bytes, phase_network
from livedead.optics.stacks import read_frames

with rule_log(snakemake):
    source, threads, output = snakemake.input, snakemake.threads, snakemake.output
    card, frames = read_card(source.card), read_frames(source.phase)
    model = restore_network(card, source.weights, threads)
    pixel_um = card.get("pixel_size_um") or frames.info.pixel_size_um
    exported = onnx_bytes(phase_network(model, card["settings"]), card, pixel_um)
    images = check_images(example_image(frames, card), snakemake.params.seed)
    write_table(output.agreement, agreement(model, card["settings"], exported, images, threads))
    with whole_file(output.onnx) as file:
        file.write_bytes(exported)
