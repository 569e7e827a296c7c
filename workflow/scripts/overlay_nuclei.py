"""Draw the predicted nuclei of a sequence over its phase, as an image for Fiji and napari."""

from livedead.cells.overlay import CHANNELS, film_limits, overlay_frames
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table
from livedead.optics.stacks import read_frames, write_stack

with rule_log(snakemake):
    source, params = snakemake.input, snakemake.params
    phase, labels = read_frames(source.phase), read_frames(source.labels)
    limits = film_limits(read_table(source.quality))
    pixel_um = phase.info.pixel_size_um
    drawn = overlay_frames(phase, labels, read_table(source.nuclei), limits, pixel_size_um=pixel_um, **params.settings)
    write_stack(
        snakemake.output.overlay,
        drawn,
        dtype="uint8",
        channels=CHANNELS,
        colours=CHANNELS.values(),
        pixel_size_um=pixel_um,
        frame_interval_min=phase.info.frame_interval_min,
        compression=params.compression,
    )
