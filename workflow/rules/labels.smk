# Which pixel belongs to a live and which to a dead nucleus: from the dyes, or from ready label maps.


rule label_nuclei:
    input:
        live=image("live"),
        dead=image("dead"),
    output:
        labels="results/labels/{cohort}/{sequence}.labels.ome.tif",
        instances="results/labels/{cohort}/{sequence}.instances.ome.tif",
        nuclei="results/labels/{cohort}/{sequence}.nuclei.tsv",
        counts="results/labels/{cohort}/{sequence}.counts.tsv",
    log:
        "results/logs/label_nuclei/{cohort}/{sequence}.log",
    benchmark:
        "results/benchmarks/label_nuclei/{cohort}/{sequence}.tsv"
    wildcard_constraints:
        sequence=one_of(STAINED),
    conda:
        "../../envs/imaging.yaml"
    params:
        settings=settings("labels"),
        downsample=dye_downsampling,
        compression=setting("phase", "compression"),
        row=columns("pixel_size_um", "frame_interval_min", "start_h"),
        code=code_hash("cells.dyes", "cells.records", "optics.stacks"),
    message:
        "Labelling the nuclei of {wildcards.sequence}"
    script:
        "../scripts/label_nuclei.py"


rule import_labels:
    input:
        labels=image("labels"),
    output:
        labels="results/labels/{cohort}/{sequence}.labels.ome.tif",
        instances="results/labels/{cohort}/{sequence}.instances.ome.tif",
        nuclei="results/labels/{cohort}/{sequence}.nuclei.tsv",
        counts="results/labels/{cohort}/{sequence}.counts.tsv",
    log:
        "results/logs/import_labels/{cohort}/{sequence}.log",
    benchmark:
        "results/benchmarks/import_labels/{cohort}/{sequence}.tsv"
    wildcard_constraints:
        sequence=one_of(WITH_LABELS),
    conda:
        "../../envs/imaging.yaml"
    params:
        label_values=setting("labels", "label_values"),
        pixel_size_um=lambda wildcards: row(wildcards).pixel_size_um
        * dye_downsampling(wildcards),
        # Ready labels of interferograms lie on the grid of the retrieved phase.
        downsample=lambda wildcards: (
            1 if row(wildcards).raw else dye_downsampling(wildcards)
        ),
        compression=setting("phase", "compression"),
        row=columns("frame_interval_min", "start_h"),
        code=code_hash(
            "cells.labelmap", "cells.records", "optics.sampling", "optics.stacks"
        ),
    message:
        "Taking over the label maps of {wildcards.sequence}"
    script:
        "../scripts/import_labels.py"
