"""Draw images of held-out fields with true and predicted outlines, from both starts."""

from livedead.desk.rulelog import rule_log
from livedead.optics.stacks import read_frames
from livedead.paper.files import save_drawing
from livedead.paper.outlined import OutlinedImage, draw_outlined

with rule_log(snakemake) as log:
    source, shots = snakemake.input, []
    for title, *paths in zip(snakemake.params.titles, source.phases, source.truths, source.predicted, strict=True):
        phase, truth, predicted = map(read_frames, paths)
        shots.append(OutlinedImage(title, phase[0][0], predicted[0][0], truth[0][0], phase.info.pixel_size_um))
    about = "Images of fields that the network has not seen in training, one of each field."
    drawing = draw_outlined(shots, about=about, cells="real")
    save_drawing(drawing, snakemake.output)
    log.info(drawing.caption)
