# Prediction against truth in the test sequences: nucleus by nucleus, as the paper's tables, and pixel by pixel.


rule match_nuclei:
    input:
        truth="results/labels/{cohort}/{sequence}.labels.ome.tif",
        instances="results/labels/{cohort}/{sequence}.instances.ome.tif",
        labels="results/predict/{cohort}/{sequence}.labels.ome.tif",
        probability="results/predict/{cohort}/{sequence}.probability.ome.tif",
        phase="results/phase/{cohort}/{sequence}.phase.ome.tif",
    output:
        matches="results/evaluate/{cohort}/{sequence}.matches.tsv",
        spurious="results/evaluate/{cohort}/{sequence}.spurious.tsv",
        pixels="results/evaluate/{cohort}/{sequence}.pixels.tsv",
    log:
        "results/logs/match_nuclei/{cohort}/{sequence}.log",
    benchmark:
        "results/benchmarks/match_nuclei/{cohort}/{sequence}.tsv"
    wildcard_constraints:
        sequence=one_of(TESTED),
    conda:
        "../../envs/imaging.yaml"
    params:
        min_coverage=setting("evaluate", "min_coverage"),
        row=columns("frame_interval_min", "start_h"),
        code=code_hash("cells.records", "optics.stacks"),
    message:
        "Matching predicted and true nuclei of {wildcards.sequence}"
    script:
        "../scripts/match_nuclei.py"


rule score_cells:
    input:
        matches=of_cohort("results/evaluate/{cohort}/{sequence}.matches.tsv", "test"),
        spurious=of_cohort("results/evaluate/{cohort}/{sequence}.spurious.tsv", "test"),
    output:
        table="results/evaluate/{cohort}/table1.tsv",
        scores="results/evaluate/{cohort}/scores.tsv",
        calibration="results/evaluate/{cohort}/calibration.tsv",
    log:
        "results/logs/score_cells/{cohort}.log",
    benchmark:
        "results/benchmarks/score_cells/{cohort}.tsv"
    conda:
        "../../envs/imaging.yaml"
    params:
        settings=lambda wildcards: {
            key: settings("evaluate")(wildcards)[key]
            for key in ("sensitivity_coverages", "bootstrap_resamples", "confidence")
        },
        sequences=on_side("test"),
        cell_line=cell_line,
        data=origin,
        seed=seed("score_cells"),
        code=code_hash("cells.scores", "cells.table1", "cells.calibration"),
    message:
        "Scoring the nuclei of {wildcards.cohort}"
    script:
        "../scripts/score_cells.py"


rule score_confluence:
    input:
        matches=of_cohort("results/evaluate/{cohort}/{sequence}.matches.tsv", "test"),
        spurious=of_cohort("results/evaluate/{cohort}/{sequence}.spurious.tsv", "test"),
    output:
        table="results/evaluate/{cohort}/confluence.tsv",
        test="results/evaluate/{cohort}/confluence_test.tsv",
    log:
        "results/logs/score_confluence/{cohort}.log",
    benchmark:
        "results/benchmarks/score_confluence/{cohort}.tsv"
    conda:
        "../../envs/imaging.yaml"
    params:
        settings=lambda wildcards: {
            key: settings("evaluate")(wildcards)[key]
            for key in ("bootstrap_resamples", "confidence")
        },
        confluences=lambda wildcards: {
            name: SEQUENCES[name].confluence for name in on_side("test")(wildcards)
        },
        data=origin,
        seed=seed("score_confluence"),
        code=code_hash("cells.confluence"),
    message:
        "Scoring the nuclei of {wildcards.cohort} by confluence"
    script:
        "../scripts/score_confluence.py"


rule score_pixels:
    input:
        pixels=of_cohort("results/evaluate/{cohort}/{sequence}.pixels.tsv", "test"),
    output:
        table="results/evaluate/{cohort}/pixel_table.tsv",
    log:
        "results/logs/score_pixels/{cohort}.log",
    benchmark:
        "results/benchmarks/score_pixels/{cohort}.tsv"
    conda:
        "../../envs/imaging.yaml"
    params:
        data=origin,
        code=code_hash("cells.pixels"),
    message:
        "Scoring the pixels of {wildcards.cohort}"
    script:
        "../scripts/score_pixels.py"


rule score_baseline:
    input:
        train_labels=of_cohort(
            "results/labels/{cohort}/{sequence}.labels.ome.tif", "train"
        ),
        train_instances=of_cohort(
            "results/labels/{cohort}/{sequence}.instances.ome.tif", "train"
        ),
        train_phase=of_cohort(
            "results/phase/{cohort}/{sequence}.phase.ome.tif", "train"
        ),
        test_labels=of_cohort(
            "results/labels/{cohort}/{sequence}.labels.ome.tif", "test"
        ),
        test_instances=of_cohort(
            "results/labels/{cohort}/{sequence}.instances.ome.tif", "test"
        ),
        test_phase=of_cohort("results/phase/{cohort}/{sequence}.phase.ome.tif", "test"),
    output:
        baseline="results/evaluate/{cohort}/baseline.tsv",
    log:
        "results/logs/score_baseline/{cohort}.log",
    benchmark:
        "results/benchmarks/score_baseline/{cohort}.tsv"
    conda:
        "../../envs/statistics.yaml"
    params:
        code=code_hash("cells.baseline", "optics.stacks"),
    message:
        "Scoring a regression on mean phase and area in {wildcards.cohort}"
    script:
        "../scripts/score_baseline.py"
