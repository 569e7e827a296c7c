# Videos 1 to 3: phase, prediction and stain of one film per cohort; the third with the measured rate of a live view.


rule measure_frame_rate:
    input:
        raw=filmed_image("raw"),
        background=background_frame,
        weights=of_network("results/train/{cohort}/model.weights.h5"),
        card=of_network("results/train/{cohort}/model_card.json"),
        int8=int8_network,
    output:
        rates="results/videos/{cohort}/frame_rate.tsv",
    log:
        "results/logs/measure_frame_rate/{cohort}.log",
    benchmark:
        "results/benchmarks/measure_frame_rate/{cohort}.tsv"
    wildcard_constraints:
        cohort=one_of(VIDEOS),
    conda:
        "../../envs/network.yaml"
    # Nothing else may run while time is taken.
    threads: workflow.cores
    resources:
        mem_mb=more_each_attempt(4000),
    params:
        phase=settings("phase"),
        warm_up_frames=setting("videos", "warm_up_frames"),
        network=network_settings,
        sequence=filmed_sequence,
        code=code_hash("net.speed", "net.engines", "optics.stacks"),
    message:
        "Measuring the frame rate of phase and network for {wildcards.cohort}"
    script:
        "../scripts/measure_frame_rate.py"


rule video:
    input:
        phase=of_filmed("results/phase/{cohort}/{sequence}.phase.ome.tif"),
        labels=of_filmed("results/predict/{cohort}/{sequence}.labels.ome.tif"),
        nuclei=of_filmed("results/predict/{cohort}/{sequence}.nuclei.tsv"),
        live=filmed_image("live"),
        dead=filmed_image("dead"),
        rates=measured_rates,
    output:
        mp4="results/videos/{cohort}/{video}.mp4",
        png="results/videos/{cohort}/{video}.png",
        html=video_in_report("results/videos/{cohort}/{video}.html"),
        tsv=video_in_report("results/videos/{cohort}/{video}.tsv"),
        caption="results/videos/{cohort}/{video}.caption.txt",
    log:
        "results/logs/video/{cohort}/{video}.log",
    benchmark:
        "results/benchmarks/video/{cohort}/{video}.tsv"
    wildcard_constraints:
        cohort=one_of(VIDEOS),
        video="video[123]",
    conda:
        "../../envs/drawing.yaml"
    params:
        title=lambda wildcards: f"Video {wildcards.video[-1]}: {wildcards.cohort}",
        start_h=lambda wildcards: SEQUENCES[filmed_sequence(wildcards)].start_h,
        look=lambda wildcards: {
            "sequence": filmed_sequence(wildcards),
            "panel_px": setting("videos", "panel_px")(wildcards),
            "cells": origin(wildcards),
        },
        speed=setting("videos", "frames_per_second"),
        code=code_hash("paper.videos", "paper.movie", "cells.tables", "optics.stacks"),
    message:
        "Filming {wildcards.video} of {wildcards.cohort}"
    script:
        "../scripts/video.py"
