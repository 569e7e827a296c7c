# Nuclei followed through time, their lives, and their tracks for other programs.


rule link_nuclei:
    input:
        nuclei="results/predict/{cohort}/{sequence}.nuclei.tsv",
        # Frames without any nucleus count too.
        labels="results/predict/{cohort}/{sequence}.labels.ome.tif",
    output:
        tracks="results/track/{cohort}/{sequence}.tracks.tsv",
        lives="results/track/{cohort}/{sequence}.lives.tsv",
        counts="results/track/{cohort}/{sequence}.track_counts.tsv",
    log:
        "results/logs/link_nuclei/{cohort}/{sequence}.log",
    benchmark:
        "results/benchmarks/link_nuclei/{cohort}/{sequence}.tsv"
    wildcard_constraints:
        sequence=one_of(TRACKED),
    conda:
        "../../envs/statistics.yaml"
    params:
        settings=settings("track"),
        row=columns("frame_interval_min", "start_h"),
        mass_conditions=mass_conditions,
        code=code_hash("motion.tracks", "cells.tables", "optics.stacks"),
    message:
        "Following the nuclei of {wildcards.sequence}"
    script:
        "../scripts/link_nuclei.py"


rule export_tracks:
    input:
        tracks="results/track/{cohort}/{sequence}.tracks.tsv",
        labels="results/predict/{cohort}/{sequence}.labels.ome.tif",
    output:
        trackmate="results/track/{cohort}/{sequence}.trackmate.xml",
        napari="results/track/{cohort}/{sequence}.napari.csv",
        ctc="results/track/{cohort}/{sequence}.ctc.zip",
    log:
        "results/logs/export_tracks/{cohort}/{sequence}.log",
    benchmark:
        "results/benchmarks/export_tracks/{cohort}/{sequence}.tsv"
    wildcard_constraints:
        sequence=one_of(TRACKED),
    conda:
        "../../envs/statistics.yaml"
    params:
        settings=lambda wildcards: {
            key: settings("predict")(wildcards)[key]
            for key in ("min_area_um2", "split_distance_um")
        },
        image=lambda wildcards: f"{wildcards.sequence}.phase.ome.tif",
        frame_interval_min=lambda wildcards: row(wildcards).frame_interval_min,
        code=code_hash(
            "motion.trackmate", "motion.napari", "motion.ctc", "optics.stacks"
        ),
    message:
        "Exporting the tracks of {wildcards.sequence}"
    script:
        "../scripts/export_tracks.py"


rule compare_tracks:
    input:
        tracks="results/track/{cohort}/{sequence}.tracks.tsv",
        labels="results/predict/{cohort}/{sequence}.labels.ome.tif",
        truth="results/simulate/{cohort}/{sequence}.truth.tsv",
    output:
        nuclei="results/checks/{cohort}/{sequence}.tracks.tsv",
    log:
        "results/logs/compare_tracks/{cohort}/{sequence}.log",
    benchmark:
        "results/benchmarks/compare_tracks/{cohort}/{sequence}.tsv"
    wildcard_constraints:
        sequence=one_of(SIMULATED_TRACKED),
    conda:
        "../../envs/statistics.yaml"
    params:
        memory=setting("track", "memory"),
        code=code_hash("motion.track_truth", "optics.stacks"),
    message:
        "Comparing the tracks of {wildcards.sequence} with its truth"
    script:
        "../scripts/compare_tracks.py"


rule check_tracks:
    input:
        nuclei=files("results/checks/{cohort}/{sequence}.tracks.tsv", SIMULATED_TRACKED),
    output:
        table="results/checks/tracks.tsv",
    log:
        "results/logs/check_tracks.log",
    benchmark:
        "results/benchmarks/check_tracks.tsv"
    conda:
        "../../envs/statistics.yaml"
    params:
        limits={
            cohort: settings_for(config, "checks", cohort)
            for cohort in cohorts_with(lambda s: s.sequence in SIMULATED_TRACKED)
        },
        code=code_hash("motion.track_truth", "cells.stage_checks"),
    message:
        "Judging the tracks of simulated films"
    script:
        "../scripts/check_tracks.py"
