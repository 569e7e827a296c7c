# Viability of real plates: from predicted nuclei to the live fraction of every well, its curve and its overlays.


rule judge_frames:
    input:
        phase="results/phase/{cohort}/{sequence}.phase.ome.tif",
        nuclei="results/predict/{cohort}/{sequence}.nuclei.tsv",
        retrieval=retrieval_quality,
        card=of_network("results/train/{cohort}/model_card.json"),
    output:
        quality="results/viability/{cohort}/{sequence}.quality.tsv",
    log:
        "results/logs/judge_frames/{cohort}/{sequence}.log",
    benchmark:
        "results/benchmarks/judge_frames/{cohort}/{sequence}.tsv"
    wildcard_constraints:
        sequence=one_of(PREDICTED),
    conda:
        "../../envs/imaging.yaml"
    params:
        settings=lambda wildcards: {
            "range_margin": setting("viability", "range_margin")(wildcards),
            "nucleus_area_um2": setting("viability", "nucleus_area_um2")(wildcards),
            "max_saturated_fraction": setting("phase", "max_saturated_fraction")(
                wildcards
            ),
        },
        row=columns("frame_interval_min", "start_h"),
        code=code_hash("cells.plate_quality", "cells.tables", "optics.stacks"),
    message:
        "Judging the images of {wildcards.sequence}"
    script:
        "../scripts/judge_frames.py"


rule count_viability:
    input:
        nuclei=of_cohort(
            "results/predict/{cohort}/{sequence}.nuclei.tsv", "test", "predict"
        ),
        quality=of_cohort(
            "results/viability/{cohort}/{sequence}.quality.tsv", "test", "predict"
        ),
    output:
        nuclei="results/viability/{cohort}/nuclei.tsv",
        viability="results/viability/{cohort}/viability.tsv",
        quality="results/viability/{cohort}/quality.tsv",
    log:
        "results/logs/count_viability/{cohort}.log",
    benchmark:
        "results/benchmarks/count_viability/{cohort}.tsv"
    conda:
        "../../envs/imaging.yaml"
    params:
        fields=plate_fields,
        settings=lambda wildcards: {
            key: settings("viability")(wildcards)[key]
            for key in ("uncertain_below", "tile_overlap", "exclude_flagged")
        },
        confidence=setting("viability", "confidence"),
        code=code_hash("cells.viability", "cells.plate_quality"),
    message:
        "Counting live and dead nuclei of {wildcards.cohort}"
    script:
        "../scripts/count_viability.py"


rule plate_curve:
    input:
        viability="results/viability/{cohort}/viability.tsv",
    output:
        png=viability_in_report("results/viability/{cohort}/viability_curve.png"),
        svg="results/viability/{cohort}/viability_curve.svg",
        tsv=viability_in_report("results/viability/{cohort}/viability_curve.tsv"),
        caption="results/viability/{cohort}/viability_curve.caption.txt",
    log:
        "results/logs/plate_curve/{cohort}.log",
    benchmark:
        "results/benchmarks/plate_curve/{cohort}.tsv"
    conda:
        "../../envs/drawing.yaml"
    params:
        look=lambda wildcards: {
            "plate": wildcards.cohort,
            "cells": origin(wildcards),
            "confidence": setting("viability", "confidence")(wildcards),
        },
        code=code_hash("paper.platecurve"),
    message:
        "Drawing the viability of the wells of {wildcards.cohort}"
    script:
        "../scripts/plate_curve.py"


rule overlay_nuclei:
    input:
        phase="results/phase/{cohort}/{sequence}.phase.ome.tif",
        labels="results/predict/{cohort}/{sequence}.labels.ome.tif",
        nuclei="results/predict/{cohort}/{sequence}.nuclei.tsv",
        quality="results/viability/{cohort}/{sequence}.quality.tsv",
    output:
        overlay="results/viability/{cohort}/{sequence}.overlay.ome.tif",
    log:
        "results/logs/overlay_nuclei/{cohort}/{sequence}.log",
    benchmark:
        "results/benchmarks/overlay_nuclei/{cohort}/{sequence}.tsv"
    conda:
        "../../envs/imaging.yaml"
    params:
        settings=lambda wildcards: {
            "min_area_um2": setting("predict", "min_area_um2")(wildcards),
            "split_distance_um": setting("predict", "split_distance_um")(wildcards),
            "uncertain_below": setting("viability", "uncertain_below")(wildcards),
        },
        compression=setting("phase", "compression"),
        code=code_hash("cells.overlay", "optics.stacks"),
    message:
        "Drawing the nuclei of {wildcards.sequence} over its phase"
    script:
        "../scripts/overlay_nuclei.py"
