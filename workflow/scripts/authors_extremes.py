"""Draw the single images of which the network is most and least certain."""

from livedead.cells.image_trend import extreme_images
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table
from livedead.optics.stacks import read_frames
from livedead.paper.files import save_drawing
from livedead.paper.outlined import OutlinedImage, draw_outlined

with rule_log(snakemake) as log:
    phase, labels = read_frames(snakemake.input.phase), read_frames(snakemake.input.labels)
    pixel, shots = phase.info.pixel_size_um, []
    for number, title in extreme_images(read_table(snakemake.input.images)):
        shots.append(OutlinedImage(title, phase[number][0], labels[number][0], None, pixel))
    about = "The image whose nuclei the network is most certain of, and the one it is least certain of."
    drawing = draw_outlined(shots, about=about, cells="real")
    save_drawing(drawing, snakemake.output)
    log.info(drawing.caption)
