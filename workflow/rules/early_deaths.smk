# Early deaths in the test films: dead by the network while the stain still says live (Fig. S5).


rule find_early_deaths:
    input:
        matches=of_cohort("results/evaluate/{cohort}/{sequence}.matches.tsv", "test"),
        labels=of_cohort("results/labels/{cohort}/{sequence}.labels.ome.tif", "test"),
    output:
        deaths="results/evaluate/{cohort}/early_deaths.tsv",
        counts="results/evaluate/{cohort}/early_death_counts.tsv",
    log:
        "results/logs/find_early_deaths/{cohort}.log",
    benchmark:
        "results/benchmarks/find_early_deaths/{cohort}.tsv"
    conda:
        "../../envs/statistics.yaml"
    params:
        films=lambda wildcards: [
            {
                "sequence": name,
                "start_h": SEQUENCES[name].start_h,
                "frame_interval_min": SEQUENCES[name].frame_interval_min,
            }
            for name in on_side("test")(wildcards)
        ],
        track=settings("track"),
        settings=lambda wildcards: {
            "early_p_dead": setting("early_deaths", "p_dead")(wildcards),
            "early_death_h": setting("early_deaths", "within_h")(wildcards),
        },
        code=code_hash("motion.early_deaths", "cells.tables", "optics.stacks"),
    message:
        "Finding early deaths in the test films of {wildcards.cohort}"
    script:
        "../scripts/find_early_deaths.py"


rule early_deaths:
    input:
        deaths="results/evaluate/{cohort}/early_deaths.tsv",
        counts="results/evaluate/{cohort}/early_death_counts.tsv",
        phase=of_cohort("results/phase/{cohort}/{sequence}.phase.ome.tif", "test"),
        predicted=of_cohort(
            "results/predict/{cohort}/{sequence}.labels.ome.tif", "test"
        ),
        live=test_dyes("live"),
        dead=test_dyes("dead"),
    output:
        png=in_report("results/figures/{cohort}/early_deaths.png"),
        svg="results/figures/{cohort}/early_deaths.svg",
        tsv=in_report("results/figures/{cohort}/early_deaths.tsv"),
        caption="results/figures/{cohort}/early_deaths.caption.txt",
    log:
        "results/logs/early_deaths/{cohort}.log",
    benchmark:
        "results/benchmarks/early_deaths/{cohort}.tsv"
    conda:
        "../../envs/drawing.yaml"
    params:
        sequences=on_side("test"),
        stained=stained_tests,
        look=lambda wildcards: {
            "early_death_h": setting("early_deaths", "within_h")(wildcards),
            "examples": setting("early_deaths", "examples")(wildcards),
            "cells": origin(wildcards),
        },
        code=code_hash("paper.early_deaths", "optics.stacks"),
    message:
        "Drawing early deaths of {wildcards.cohort}"
    script:
        "../scripts/early_deaths.py"
