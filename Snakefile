# Label-free live/dead assay: from four interferograms per image to Table 1, figures and a report.
# Read on in workflow/rules/<stage>.smk; what all stages share stands in workflow/rules/common.smk.
import os

from snakemake.utils import min_version

min_version("9.27")


configfile: "config.yaml"


report: "workflow/report/workflow.rst"


include: "workflow/rules/common.smk"


for (
    stage
) in "simulate phase labels split train predict evaluate figures checks".split():
    if os.path.exists(f"workflow/rules/{stage}.smk"):

        include: f"workflow/rules/{stage}.smk"


# One target per stage: `snakemake phase` makes everything up to the phase maps.
rule simulate:
    input:
        files("results/simulate/{cohort}/{sequence}.raw.ome.tif", SIMULATED_RAW),


rule phase:
    input:
        files("results/phase/{cohort}/{sequence}.phase.ome.tif", SEQUENCES),


rule labels:
    input:
        files("results/labels/{cohort}/{sequence}.labels.ome.tif", WITH_TRUTH),


rule split:
    input:
        expand("results/split/{cohort}/split.tsv", cohort=MODEL_COHORTS),


rule train:
    input:
        expand("results/train/{cohort}/model.weights.h5", cohort=MODEL_COHORTS),


rule predict:
    input:
        files("results/predict/{cohort}/{sequence}.nuclei.tsv", PREDICTED),


rule evaluate:
    input:
        expand("results/evaluate/{cohort}/table1.tsv", cohort=MODEL_COHORTS),
        expand("results/evaluate/{cohort}/scores.tsv", cohort=MODEL_COHORTS),


rule checks:
    input:
        "results/checks/stage_checks.tsv",


rule figures:
    input:
        [path for cohort in MODEL_COHORTS for path in figures_of(cohort)],


rule all:
    default_target: True
    input:
        rules.figures.input,
        rules.evaluate.input,
        rules.checks.input,
