# Every number of the paper held against what this run gave.


rule survey_images:
    input:
        phase=files("results/phase/{cohort}/{sequence}.phase.ome.tif", SEQUENCES),
        raw=[image("raw")(SEQUENCES[name]) for name in WITH_RAW],
    output:
        table="results/claims/images.tsv",
    log:
        "results/logs/survey_images.log",
    benchmark:
        "results/benchmarks/survey_images.tsv"
    conda:
        "../../envs/imaging.yaml"
    params:
        sequences=[
            {
                key: getattr(row, key)
                for key in (
                    "sequence",
                    "cohort",
                    "cell_line",
                    "replicate",
                    "well",
                    "condition",
                    "confluence",
                )
            }
            | {"data": row.cells}
            for row in SEQUENCES.values()
        ],
        with_raw=WITH_RAW,
        raw_files=[len(listed(image("raw")(SEQUENCES[name]))) for name in WITH_RAW],
        interferograms=[
            len(settings_for(config, "phase", SEQUENCES[name].cohort)["frame_order"])
            for name in WITH_RAW
        ],
        code=code_hash("optics.survey", "optics.stacks"),
    message:
        "Surveying the images"
    script:
        "../scripts/survey_images.py"


# One list of files for each kind of evidence; the folder of a file is its cohort. A kind may have none.
rule judge_claims:
    input:
        numbers="resources/paper_numbers.tsv",
        images="results/claims/images.tsv",
        cards=expand("results/train/{cohort}/model_card.json", cohort=TRAINED),
        histories=expand("results/train/{cohort}/history.tsv", cohort=TRAINED),
        splits=expand("results/split/{cohort}/split.tsv", cohort=TRAINED),
        scores=expand("results/evaluate/{cohort}/scores.tsv", cohort=SCORED),
        confluences=expand(
            "results/evaluate/{cohort}/confluence.tsv", cohort=CONFLUENCE_TOLD
        ),
        shown=expand("results/figures/{cohort}/figure1.tsv", cohort=TRAINED),
        viability=expand("results/figures/{cohort}/viability_curve.tsv", cohort=TRAINED),
        quality=files("results/phase/{cohort}/{sequence}.quality.tsv", WITH_RAW),
        comparisons=expand(
            "results/compare/{cohort}/comparison.tsv", cohort=COMPARED_COHORTS
        ),
        intervals=expand(
            "results/compare/{cohort}/intervals.tsv", cohort=COMPARED_COHORTS
        ),
        timecourses=expand(
            "results/compare/{cohort}/timecourse.tsv", cohort=COMPARED_COHORTS
        ),
        models=expand("results/compare/{cohort}/models.tsv", cohort=COMPARED_COHORTS),
        arms=expand("results/compare/{cohort}/arms.tsv", cohort=COMPARED_COHORTS),
        rates=expand("results/videos/{cohort}/frame_rate.tsv", cohort=LIVE_VIEWS),
    output:
        table="results/claims/claims.tsv",
    log:
        "results/logs/judge_claims.log",
    benchmark:
        "results/benchmarks/judge_claims.tsv"
    conda:
        "../../envs/imaging.yaml"
    params:
        code=code_hash("desk.claims", "desk.measurements"),
    message:
        "Judging every number of the paper"
    script:
        "../scripts/judge_claims.py"


rule claims_table:
    input:
        claims="results/claims/claims.tsv",
    output:
        html=in_report("results/figures/claims_table.html"),
        tsv=in_report("results/figures/claims_table.tsv"),
        caption="results/figures/claims_table.caption.txt",
    log:
        "results/logs/claims_table.log",
    benchmark:
        "results/benchmarks/claims_table.tsv"
    conda:
        "../../envs/drawing.yaml"
    params:
        code=code_hash("paper.claimstable"),
    message:
        "Laying out the verdict on every number of the paper"
    script:
        "../scripts/claims_table.py"
