# Tables and figures of the paper's other experiments: CHO cells, growth with and without dyes, supplement.


# The same table as of HeLa cells; the paper numbers it by cell line.
use rule table1 as table2 with:
    output:
        html=in_report("results/figures/{cohort}/table2.html"),
        tsv=in_report("results/figures/{cohort}/table2.tsv"),
        caption="results/figures/{cohort}/table2.caption.txt",
    log:
        "results/logs/table2/{cohort}.log",
    benchmark:
        "results/benchmarks/table2/{cohort}.tsv"
    wildcard_constraints:
        cohort=one_of(REPORTED["table2"][3]),
    message:
        "Laying out Table 2 of {wildcards.cohort}"


rule figure4:
    input:
        phase=of_held_out("results/phase/{cohort}/{sequence}.phase.ome.tif"),
        truth=of_held_out("results/labels/{cohort}/{sequence}.labels.ome.tif"),
        predicted=of_held_out("results/predict/{cohort}/{sequence}.labels.ome.tif"),
        matches=of_held_out("results/evaluate/{cohort}/{sequence}.matches.tsv"),
    output:
        png=in_report("results/figures/{cohort}/figure4.png"),
        svg="results/figures/{cohort}/figure4.svg",
        tsv=in_report("results/figures/{cohort}/figure4.tsv"),
        caption="results/figures/{cohort}/figure4.caption.txt",
    log:
        "results/logs/figure4/{cohort}.log",
    benchmark:
        "results/benchmarks/figure4/{cohort}.tsv"
    wildcard_constraints:
        cohort=one_of(REPORTED["figure4"][3]),
    conda:
        "../../envs/drawing.yaml"
    params:
        sequence=held_out_sequence,
        start_h=lambda wildcards: SEQUENCES[held_out_sequence(wildcards)].start_h,
        times_h=setting("figures", "times_h"),
        cells=origin,
        code=code_hash("paper.figure3", "paper.times", "cells.tables", "optics.stacks"),
    message:
        "Drawing Fig. 4 of {wildcards.cohort}"
    script:
        "../scripts/figure4.py"


rule figure5:
    input:
        timecourse="results/compare/{cohort}/timecourse.tsv",
        comparison="results/compare/{cohort}/comparison.tsv",
        intervals="results/compare/{cohort}/intervals.tsv",
        tracks=of_tracked("results/track/{cohort}/{sequence}.tracks.tsv"),
        lives=of_tracked("results/track/{cohort}/{sequence}.lives.tsv"),
        stained_phase=of_arm(
            "stained", "results/phase/{cohort}/{sequence}.phase.ome.tif"
        ),
        stained_labels=of_arm(
            "stained", "results/predict/{cohort}/{sequence}.labels.ome.tif"
        ),
        unstained_phase=of_arm(
            "unstained", "results/phase/{cohort}/{sequence}.phase.ome.tif"
        ),
        unstained_labels=of_arm(
            "unstained", "results/predict/{cohort}/{sequence}.labels.ome.tif"
        ),
    output:
        png=in_report("results/figures/{cohort}/figure5.png"),
        svg="results/figures/{cohort}/figure5.svg",
        tsv=in_report("results/figures/{cohort}/figure5.tsv"),
        caption="results/figures/{cohort}/figure5.caption.txt",
    log:
        "results/logs/figure5/{cohort}.log",
    benchmark:
        "results/benchmarks/figure5/{cohort}.tsv"
    wildcard_constraints:
        cohort=one_of(REPORTED["figure5"][3]),
    conda:
        "../../envs/drawing.yaml"
    params:
        shown=shown_arms,
        conditions=lambda wildcards: {
            name: SEQUENCES[name].condition for name in tracked(wildcards)
        },
        start_h=lambda wildcards: {
            name: SEQUENCES[name].start_h for name in tracked(wildcards)
        },
        times_h=setting("figures", "times_h"),
        significance=setting("compare", "significance"),
        cells=origin,
        code=code_hash("paper.figure5", "optics.stacks"),
    message:
        "Drawing Fig. 5 of {wildcards.cohort}"
    script:
        "../scripts/figure5.py"


rule survival:
    input:
        survival="results/compare/{cohort}/survival.tsv",
        models="results/compare/{cohort}/models.tsv",
    output:
        png=in_report("results/figures/{cohort}/survival.png"),
        svg="results/figures/{cohort}/survival.svg",
        tsv=in_report("results/figures/{cohort}/survival.tsv"),
        caption="results/figures/{cohort}/survival.caption.txt",
    log:
        "results/logs/survival/{cohort}.log",
    benchmark:
        "results/benchmarks/survival/{cohort}.tsv"
    wildcard_constraints:
        cohort=one_of(REPORTED["survival"][3]),
    conda:
        "../../envs/drawing.yaml"
    params:
        cells=origin,
        code=code_hash("paper.survival"),
    message:
        "Drawing the survival of stained and unstained cells of {wildcards.cohort}"
    script:
        "../scripts/survival.py"


rule statistics_table:
    input:
        intervals="results/compare/{cohort}/intervals.tsv",
        models="results/compare/{cohort}/models.tsv",
    output:
        html=in_report("results/figures/{cohort}/statistics_table.html"),
        tsv=in_report("results/figures/{cohort}/statistics_table.tsv"),
        caption="results/figures/{cohort}/statistics_table.caption.txt",
    log:
        "results/logs/statistics_table/{cohort}.log",
    benchmark:
        "results/benchmarks/statistics_table/{cohort}.tsv"
    wildcard_constraints:
        cohort=one_of(REPORTED["statistics_table"][3]),
    conda:
        "../../envs/drawing.yaml"
    params:
        cells=origin,
        code=code_hash("paper.growthtables"),
    message:
        "Laying out the statistics of {wildcards.cohort}"
    script:
        "../scripts/statistics_table.py"


rule arms_table:
    input:
        arms="results/compare/{cohort}/arms.tsv",
    output:
        html=in_report("results/figures/{cohort}/arms_table.html"),
        tsv=in_report("results/figures/{cohort}/arms_table.tsv"),
        caption="results/figures/{cohort}/arms_table.caption.txt",
    log:
        "results/logs/arms_table/{cohort}.log",
    benchmark:
        "results/benchmarks/arms_table/{cohort}.tsv"
    wildcard_constraints:
        cohort=one_of(REPORTED["arms_table"][3]),
    conda:
        "../../envs/drawing.yaml"
    params:
        cells=origin,
        code=code_hash("paper.growthtables"),
    message:
        "Laying out what became of the nuclei of {wildcards.cohort}"
    script:
        "../scripts/arms_table.py"


rule architecture:
    input:
        card="results/train/{cohort}/model_card.json",
    output:
        png=in_report("results/figures/{cohort}/architecture.png"),
        svg="results/figures/{cohort}/architecture.svg",
        tsv=in_report("results/figures/{cohort}/architecture.tsv"),
        caption="results/figures/{cohort}/architecture.caption.txt",
    log:
        "results/logs/architecture/{cohort}.log",
    benchmark:
        "results/benchmarks/architecture/{cohort}.tsv"
    wildcard_constraints:
        cohort=one_of(REPORTED["architecture"][3]),
    conda:
        "../../envs/drawing.yaml"
    params:
        code=code_hash("paper.architecture"),
    message:
        "Drawing the network of {wildcards.cohort}"
    script:
        "../scripts/architecture.py"


rule confluence_table:
    input:
        table="results/evaluate/{cohort}/confluence.tsv",
        test="results/evaluate/{cohort}/confluence_test.tsv",
    output:
        html=in_report("results/figures/{cohort}/confluence_table.html"),
        tsv=in_report("results/figures/{cohort}/confluence_table.tsv"),
        caption="results/figures/{cohort}/confluence_table.caption.txt",
    log:
        "results/logs/confluence_table/{cohort}.log",
    benchmark:
        "results/benchmarks/confluence_table/{cohort}.tsv"
    wildcard_constraints:
        cohort=one_of(REPORTED["confluence_table"][3]),
    conda:
        "../../envs/drawing.yaml"
    params:
        cells=origin,
        code=code_hash("paper.confluencetable"),
    message:
        "Laying out the scores of {wildcards.cohort} by confluence"
    script:
        "../scripts/confluence_table.py"


rule note3_table:
    input:
        pixels="results/evaluate/{cohort}/pixel_table.tsv",
        scores="results/evaluate/{cohort}/scores.tsv",
    output:
        html=in_report("results/figures/{cohort}/note3_table.html"),
        tsv=in_report("results/figures/{cohort}/note3_table.tsv"),
        caption="results/figures/{cohort}/note3_table.caption.txt",
    log:
        "results/logs/note3_table/{cohort}.log",
    benchmark:
        "results/benchmarks/note3_table/{cohort}.tsv"
    wildcard_constraints:
        cohort=one_of(REPORTED["note3_table"][3]),
    conda:
        "../../envs/drawing.yaml"
    params:
        cells=origin,
        code=code_hash("paper.notes"),
    message:
        "Setting pixels beside nuclei of {wildcards.cohort}"
    script:
        "../scripts/note3_table.py"


rule note4_table:
    input:
        scores="results/evaluate/{cohort}/scores.tsv",
        matches=of_cohort("results/evaluate/{cohort}/{sequence}.matches.tsv", "test"),
    output:
        html=in_report("results/figures/{cohort}/note4_table.html"),
        tsv=in_report("results/figures/{cohort}/note4_table.tsv"),
        caption="results/figures/{cohort}/note4_table.caption.txt",
    log:
        "results/logs/note4_table/{cohort}.log",
    benchmark:
        "results/benchmarks/note4_table/{cohort}.tsv"
    wildcard_constraints:
        cohort=one_of(REPORTED["note4_table"][3]),
    conda:
        "../../envs/drawing.yaml"
    params:
        sequences=on_side("test"),
        cells=origin,
        code=code_hash("paper.notes"),
    message:
        "Laying out the sensitivity in {wildcards.cohort}"
    script:
        "../scripts/note4_table.py"
