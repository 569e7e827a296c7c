"""Pack the network of a cohort for bioimage.io, with a test image and what the network says of it."""

from pathlib import Path

from livedead.desk.files import write_archive
from livedead.desk.model_folder import read_card
from livedead.desk.rulelog import rule_log
from livedead.net.bioimageio_package import package_files, software_facts
from livedead.net.inference import restore_network
from livedead.net.onnx_check import cropped, example_image, labels_of
from livedead.net.onnx_export import phase_network
from livedead.optics.stacks import read_frames
from livedead.paper.cover import cover_png

with rule_log(snakemake):
    source, params = snakemake.input, snakemake.params
    card, frames = read_card(source.card), read_frames(source.phase)
    network = phase_network(restore_network(card, source.weights, snakemake.threads), card["settings"])
    phase = cropped(example_image(frames, card), params.test_px)
    facts = {"pixel_size_um": card.get("pixel_size_um") or frames.info.pixel_size_um, **params.names}
    facts |= software_facts(Path(source.citation).read_text(encoding="utf-8"))
    cover = cover_png(phase, labels_of(network, phase))
    exported = Path(source.onnx).read_bytes()
    write_archive(snakemake.output.package, package_files(network, exported, card, phase, cover, facts).items())
