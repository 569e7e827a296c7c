# Figures and tables of the paper, each as picture, vector, source data and the numbers of its caption.


rule figure1:
    input:
        phase=of_shown("results/phase/{cohort}/{sequence}.phase.ome.tif"),
        labels=of_shown("results/labels/{cohort}/{sequence}.labels.ome.tif"),
        nuclei=of_shown("results/labels/{cohort}/{sequence}.nuclei.tsv"),
        live=shown_dye("live"),
        dead=shown_dye("dead"),
    output:
        png=in_report("results/figures/{cohort}/figure1.png"),
        svg="results/figures/{cohort}/figure1.svg",
        tsv=in_report("results/figures/{cohort}/figure1.tsv"),
        caption="results/figures/{cohort}/figure1.caption.txt",
    log:
        "results/logs/figure1/{cohort}.log",
    benchmark:
        "results/benchmarks/figure1/{cohort}.tsv"
    conda:
        "../../envs/drawing.yaml"
    params:
        sequence=shown_sequence,
        start_h=lambda wildcards: SEQUENCES[shown_sequence(wildcards)].start_h,
        times_h=setting("figures", "times_h"),
        cells=origin,
        code=code_hash("paper.figure1", "paper.times", "cells.tables", "optics.stacks"),
    message:
        "Drawing Fig. 1b-e of {wildcards.cohort}"
    script:
        "../scripts/figure1.py"


rule figure2:
    input:
        history="results/train/{cohort}/history.tsv",
    output:
        png=in_report("results/figures/{cohort}/figure2.png"),
        svg="results/figures/{cohort}/figure2.svg",
        tsv=in_report("results/figures/{cohort}/figure2.tsv"),
        caption="results/figures/{cohort}/figure2.caption.txt",
    log:
        "results/logs/figure2/{cohort}.log",
    benchmark:
        "results/benchmarks/figure2/{cohort}.tsv"
    conda:
        "../../envs/drawing.yaml"
    params:
        encoder=setting("train", "encoder"),
        loss=setting("train", "loss"),
        cells=origin,
        code=code_hash("paper.figure2"),
    message:
        "Drawing Fig. 2d of {wildcards.cohort}"
    script:
        "../scripts/figure2.py"


rule figure3:
    input:
        phase=of_cohort("results/phase/{cohort}/{sequence}.phase.ome.tif", "test"),
        truth=of_cohort("results/labels/{cohort}/{sequence}.labels.ome.tif", "test"),
        predicted=of_cohort(
            "results/predict/{cohort}/{sequence}.labels.ome.tif", "test"
        ),
        matches=of_cohort("results/evaluate/{cohort}/{sequence}.matches.tsv", "test"),
    output:
        png=in_report("results/figures/{cohort}/figure3.png"),
        svg="results/figures/{cohort}/figure3.svg",
        tsv=in_report("results/figures/{cohort}/figure3.tsv"),
        caption="results/figures/{cohort}/figure3.caption.txt",
    log:
        "results/logs/figure3/{cohort}.log",
    benchmark:
        "results/benchmarks/figure3/{cohort}.tsv"
    conda:
        "../../envs/drawing.yaml"
    params:
        sequences=on_side("test"),
        start_h=lambda wildcards: {
            name: SEQUENCES[name].start_h for name in on_side("test")(wildcards)
        },
        frames=setting("figures", "test_frames"),
        cells=origin,
        code=code_hash("paper.figure3", "paper.times", "cells.tables", "optics.stacks"),
    message:
        "Drawing Fig. 3 of {wildcards.cohort}"
    script:
        "../scripts/figure3.py"


rule table1:
    input:
        table="results/evaluate/{cohort}/table1.tsv",
        scores="results/evaluate/{cohort}/scores.tsv",
    output:
        html=in_report("results/figures/{cohort}/table1.html"),
        tsv=in_report("results/figures/{cohort}/table1.tsv"),
        caption="results/figures/{cohort}/table1.caption.txt",
    log:
        "results/logs/table1/{cohort}.log",
    benchmark:
        "results/benchmarks/table1/{cohort}.tsv"
    conda:
        "../../envs/drawing.yaml"
    params:
        cell_line=cell_line,
        cells=origin,
        code=code_hash("paper.table1"),
    message:
        "Laying out Table 1 of {wildcards.cohort}"
    script:
        "../scripts/table1.py"


rule pixel_table:
    input:
        table="results/evaluate/{cohort}/pixel_table.tsv",
    output:
        html=in_report("results/figures/{cohort}/pixel_table.html"),
        tsv=in_report("results/figures/{cohort}/pixel_table.tsv"),
        caption="results/figures/{cohort}/pixel_table.caption.txt",
    log:
        "results/logs/pixel_table/{cohort}.log",
    benchmark:
        "results/benchmarks/pixel_table/{cohort}.tsv"
    conda:
        "../../envs/drawing.yaml"
    params:
        cells=origin,
        code=code_hash("paper.table1"),
    message:
        "Laying out the pixel table of {wildcards.cohort}"
    script:
        "../scripts/pixel_table.py"


rule viability_curve:
    input:
        truth=of_cohort("results/labels/{cohort}/{sequence}.nuclei.tsv", "test"),
        prediction=of_cohort("results/predict/{cohort}/{sequence}.nuclei.tsv", "test"),
    output:
        png=in_report("results/figures/{cohort}/viability_curve.png"),
        svg="results/figures/{cohort}/viability_curve.svg",
        tsv=in_report("results/figures/{cohort}/viability_curve.tsv"),
        caption="results/figures/{cohort}/viability_curve.caption.txt",
    log:
        "results/logs/viability_curve/{cohort}.log",
    benchmark:
        "results/benchmarks/viability_curve/{cohort}.tsv"
    conda:
        "../../envs/drawing.yaml"
    params:
        sequences=on_side("test"),
        cells=origin,
        code=code_hash("paper.viability"),
    message:
        "Drawing the viability of {wildcards.cohort} against time"
    script:
        "../scripts/viability_curve.py"


rule phase_quality:
    input:
        quality=lambda wildcards: files(
            "results/phase/{cohort}/{sequence}.quality.tsv", retrieved(wildcards)
        ),
    output:
        png=in_report("results/figures/{cohort}/phase_quality.png"),
        svg="results/figures/{cohort}/phase_quality.svg",
        tsv=in_report("results/figures/{cohort}/phase_quality.tsv"),
        caption="results/figures/{cohort}/phase_quality.caption.txt",
    log:
        "results/logs/phase_quality/{cohort}.log",
    benchmark:
        "results/benchmarks/phase_quality/{cohort}.tsv"
    conda:
        "../../envs/drawing.yaml"
    params:
        sequences=retrieved,
        cells=origin,
        code=code_hash("paper.phasequality"),
    message:
        "Drawing the quality of the phase maps of {wildcards.cohort}"
    script:
        "../scripts/phase_quality.py"


rule stage_check_table:
    input:
        checks="results/checks/stage_checks.tsv",
    output:
        html=in_report("results/figures/stage_check_table.html"),
        tsv=in_report("results/figures/stage_check_table.tsv"),
        caption="results/figures/stage_check_table.caption.txt",
    log:
        "results/logs/stage_check_table.log",
    benchmark:
        "results/benchmarks/stage_check_table.tsv"
    conda:
        "../../envs/drawing.yaml"
    params:
        code=code_hash("paper.stagechecks"),
    message:
        "Laying out the stage checks"
    script:
        "../scripts/stage_check_table.py"


rule count_table:
    input:
        counts="results/checks/counts.tsv",
    output:
        html=in_report("results/figures/count_table.html"),
        tsv=in_report("results/figures/count_table.tsv"),
        caption="results/figures/count_table.caption.txt",
    log:
        "results/logs/count_table.log",
    benchmark:
        "results/benchmarks/count_table.tsv"
    conda:
        "../../envs/drawing.yaml"
    params:
        code=code_hash("paper.countstable"),
    message:
        "Laying out what went through every stage"
    script:
        "../scripts/count_table.py"
