# Label-free live/dead assay: from four interferograms per image to the paper's tables and figures.
# Read on in workflow/rules/<stage>.smk; what they share stands in the first six files included.
from snakemake.utils import min_version

from workflow.scripts.livedead.desk.yaml_text import wrong_yaml

min_version("9.27")
# Snakemake would not say in which line.
if wrong := wrong_yaml("config.yaml"):
    raise SystemExit(f"Nothing was run. Please correct:\n{wrong}")


configfile: "config.yaml"


report: "workflow/report/workflow.rst"


include: "workflow/rules/common.smk"
include: "workflow/rules/shown.smk"
include: "workflow/rules/variants.smk"
include: "workflow/rules/published.smk"
include: "workflow/rules/counted.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/simulate.smk"
include: "workflow/rules/phase.smk"
include: "workflow/rules/labels.smk"
include: "workflow/rules/split.smk"
include: "workflow/rules/train.smk"
include: "workflow/rules/predict.smk"
include: "workflow/rules/viability.smk"
include: "workflow/rules/export.smk"
include: "workflow/rules/track.smk"
include: "workflow/rules/compare.smk"
include: "workflow/rules/evaluate.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/paper.smk"
include: "workflow/rules/early_deaths.smk"
include: "workflow/rules/videos.smk"
include: "workflow/rules/note5.smk"
include: "workflow/rules/authors.smk"
include: "workflow/rules/checks.smk"
include: "workflow/rules/counts.smk"
include: "workflow/rules/claims.smk"
include: "workflow/rules/provenance.smk"
include: "workflow/rules/local.smk"


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
        expand("results/split/{cohort}/split.tsv", cohort=TRAINED),


rule train:
    input:
        expand("results/train/{cohort}/model.weights.h5", cohort=TRAINED),


rule predict:
    input:
        files("results/predict/{cohort}/{sequence}.nuclei.tsv", PREDICTED),


# For an own plate: the live fraction of every well. A plain run is about the paper and leaves it out.
rule viability:
    input:
        all_viability(),


# For users of other programs; a plain run leaves it out.
rule export:
    input:
        expand("results/export/{cohort}/model.bioimageio.zip", cohort=EXPORTED),


rule track:
    input:
        files("results/track/{cohort}/{sequence}.lives.tsv", TRACKED),
        files("results/track/{cohort}/{sequence}.trackmate.xml", TRACKED),


rule compare:
    input:
        expand("results/compare/{cohort}/comparison.tsv", cohort=COMPARED_COHORTS),


rule evaluate:
    input:
        expand(
            "results/evaluate/{cohort}/{table}.tsv",
            cohort=SCORED,
            table=["table1", "scores", "pixel_table"],
        ),
        expand("results/evaluate/{cohort}/baseline.tsv", cohort=TRAINED),


# Counts add up in every run; only simulated sequences have a truth that every stage can be held against.
rule checks:
    input:
        "results/checks/counts.tsv",
        "results/checks/passed.txt" if SIMULATED_RAW else [],


rule figures:
    input:
        all_figures(),


# Supplementary Note 5 costs as much as the rest together, so a plain run leaves it out.
rule note5_encoders:
    input:
        all_figures({"note5_encoders": ON_REQUEST["note5_encoders"]}),


rule note5_pretraining:
    input:
        all_figures({"note5_pretraining": ON_REQUEST["note5_pretraining"]}),


rule note5_losses:
    input:
        all_figures({"note5_losses": ON_REQUEST["note5_losses"]}),


rule note5_training_size:
    input:
        all_figures({"note5_training_size": ON_REQUEST["note5_training_size"]}),


rule note5:
    input:
        all_figures(ON_REQUEST),


# Only with resources/presets/authors.yaml: `make authors DATA=folder`.
rule authors:
    input:
        authors_results(),


rule videos:
    input:
        all_videos(),


rule claims:
    input:
        "results/claims/claims.tsv",


rule all:
    default_target: True
    input:
        rules.phase.input,
        rules.predict.input,
        rules.track.input,
        rules.compare.input,
        rules.evaluate.input,
        rules.figures.input,
        rules.videos.input,
        rules.claims.input,
        rules.checks.input,
        "results/provenance.json",
