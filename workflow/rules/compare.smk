# Stained against unstained cells, Fig. 5: growth at each time and in intervals, wells, survival.


rule compare_arms:
    input:
        tracks=of_tracked("results/track/{cohort}/{sequence}.tracks.tsv"),
        lives=of_tracked("results/track/{cohort}/{sequence}.lives.tsv"),
    output:
        timecourse="results/compare/{cohort}/timecourse.tsv",
        comparison="results/compare/{cohort}/comparison.tsv",
        intervals="results/compare/{cohort}/intervals.tsv",
        models="results/compare/{cohort}/models.tsv",
        survival="results/compare/{cohort}/survival.tsv",
        arms="results/compare/{cohort}/arms.tsv",
        headline="results/compare/{cohort}/headline.tsv",
    log:
        "results/logs/compare_arms/{cohort}.log",
    benchmark:
        "results/benchmarks/compare_arms/{cohort}.tsv"
    wildcard_constraints:
        cohort=one_of(COMPARED_COHORTS),
    conda:
        "../../envs/statistics.yaml"
    params:
        settings=settings("compare"),
        films=lambda wildcards: [
            {
                key: getattr(SEQUENCES[name], key)
                for key in ("sequence", "condition", "replicate", "well")
            }
            for name in tracked(wildcards)
        ],
        data=origin,
        seed=seed("compare_arms"),
        code=code_hash("motion.compared"),
    message:
        "Comparing stained and unstained cells of {wildcards.cohort}"
    script:
        "../scripts/compare_arms.py"


rule check_windows:
    input:
        intervals=expand(
            "results/compare/{cohort}/intervals.tsv", cohort=SIMULATED_COMPARED
        ),
        comparison=expand(
            "results/compare/{cohort}/comparison.tsv", cohort=SIMULATED_COMPARED
        ),
    output:
        table="results/checks/windows.tsv",
    log:
        "results/logs/check_windows.log",
    benchmark:
        "results/benchmarks/check_windows.tsv"
    conda:
        "../../envs/statistics.yaml"
    params:
        cohorts=SIMULATED_COMPARED,
        swelling={
            cohort: [
                settings_for(config, "simulate", cohort, condition=condition)[
                    "kinetics"
                ]["swelling"]
                for condition in ("stained", "unstained")
            ]
            for cohort in SIMULATED_COMPARED
        },
        limits={
            cohort: {
                "window_error_h": settings_for(config, "checks", cohort)[
                    "window_error_h"
                ]
            }
            for cohort in SIMULATED_COMPARED
        },
        levels={
            cohort: settings_for(config, "compare", cohort)["significance"]
            for cohort in SIMULATED_COMPARED
        },
        code=code_hash("motion.windows", "cells.stage_checks"),
    message:
        "Holding the windows of difference against the simulated ones"
    script:
        "../scripts/check_windows.py"
