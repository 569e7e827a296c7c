"""Write the tracks of a film for TrackMate, napari and the programs of the Cell Tracking Challenge."""

from livedead.desk.files import whole_file, write_archive
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import read_table
from livedead.motion.ctc import ctc_files
from livedead.motion.napari import napari_csv
from livedead.motion.trackmate import trackmate_xml
from livedead.optics.stacks import read_frames

with rule_log(snakemake) as log:
    source, params, output = snakemake.input, snakemake.params, snakemake.output
    tracks, labels = read_table(source.tracks), read_frames(source.labels)
    pixel_um, size = labels.info.pixel_size_um, (labels.info.height, labels.info.width)
    form = {"frames": len(labels), "shape": size, "frame_interval_min": params.frame_interval_min}
    with whole_file(output.trackmate) as file:
        file.write_bytes(trackmate_xml(tracks, image=params.image, pixel_size_um=pixel_um, **form))
    with whole_file(output.napari) as file:
        file.write_text(napari_csv(tracks, pixel_um), encoding="utf-8", newline="\n")
    write_archive(output.ctc, ctc_files(tracks, labels, pixel_size_um=pixel_um, **params.settings))
    log.info("%d nuclei in %d frames", len(tracks), len(labels))
