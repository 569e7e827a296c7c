# What goes into a stage comes out, or is dropped with a reason; a run in which that is not so ends with an error.


rule check_counts:
    input:
        filmed=[measured_images(name) for name in SEQUENCES],
        phase=files("results/phase/{cohort}/{sequence}.phase.ome.tif", SEQUENCES),
        quality=files("results/phase/{cohort}/{sequence}.quality.tsv", WITH_RAW),
        stained=[truth_images(name) for name in LABELLED],
        labels=files("results/labels/{cohort}/{sequence}.labels.ome.tif", LABELLED),
        label_counts=files("results/labels/{cohort}/{sequence}.counts.tsv", LABELLED),
        label_nuclei=files("results/labels/{cohort}/{sequence}.nuclei.tsv", LABELLED),
        splits=expand("results/split/{cohort}/split.tsv", cohort=TRAINED),
        cards=expand("results/train/{cohort}/model_card.json", cohort=TRAINED),
        predicted=files("results/predict/{cohort}/{sequence}.labels.ome.tif", PREDICTED),
        object_counts=files("results/predict/{cohort}/{sequence}.counts.tsv", PREDICTED),
        nuclei=files("results/predict/{cohort}/{sequence}.nuclei.tsv", PREDICTED),
        matches=files("results/evaluate/{cohort}/{sequence}.matches.tsv", TESTED),
        spurious=files("results/evaluate/{cohort}/{sequence}.spurious.tsv", TESTED),
        scores=expand("results/evaluate/{cohort}/scores.tsv", cohort=SCORED),
        tracks=files("results/track/{cohort}/{sequence}.tracks.tsv", TRACKED),
        track_counts=files(
            "results/track/{cohort}/{sequence}.track_counts.tsv", TRACKED
        ),
        armless=files("results/track/{cohort}/{sequence}.track_counts.tsv", ARMLESS),
        arms=expand("results/compare/{cohort}/arms.tsv", cohort=COMPARED_COHORTS),
    output:
        table="results/checks/counts.tsv",
    log:
        "results/logs/check_counts.log",
    benchmark:
        "results/benchmarks/check_counts.tsv"
    conda:
        "../../envs/imaging.yaml"
    params:
        told=sheet_counts(),
        stacks=["phase", "labels", "predicted"],
        opened={
            "filmed": opened(measured_images, SEQUENCES, raw=WITH_RAW),
            "stained": opened(truth_images, LABELLED),
        },
        code=code_hash("desk.counts", "desk.tallies", "optics.stacks", "optics.survey"),
    message:
        "Adding up what went into every stage, came out and was dropped"
    script:
        "../scripts/check_counts.py"


# The same for a plate that may have no labels, as far as `snakemake viability` goes.
use rule check_counts as check_plate_counts with:
    input:
        filmed=[measured_images(name) for name in PREDICTED],
        phase=files("results/phase/{cohort}/{sequence}.phase.ome.tif", PREDICTED),
        quality=files(
            "results/phase/{cohort}/{sequence}.quality.tsv",
            [name for name in PREDICTED if name in WITH_RAW],
        ),
        splits=expand("results/split/{cohort}/split.tsv", cohort=TRAINED),
        predicted=files("results/predict/{cohort}/{sequence}.labels.ome.tif", PREDICTED),
        object_counts=files("results/predict/{cohort}/{sequence}.counts.tsv", PREDICTED),
        nuclei=files("results/predict/{cohort}/{sequence}.nuclei.tsv", PREDICTED),
        wells=expand(
            "results/viability/{cohort}/viability.tsv",
            cohort=cohorts_with(lambda s: s.sequence in PREDICTED),
        ),
    output:
        table="results/viability/counts.tsv",
    log:
        "results/logs/check_plate_counts.log",
    benchmark:
        "results/benchmarks/check_plate_counts.tsv"
    params:
        told=sheet_counts(),
        stacks=["phase", "predicted"],
        opened={"filmed": opened(measured_images, PREDICTED, raw=WITH_RAW)},
    message:
        "Adding up what went through every stage, from images to wells"


# And for the single images of `snakemake authors`.
use rule check_counts as check_image_counts with:
    input:
        filmed=list(IMAGE_SETS.values()),
        phase=expand("results/authors/images/{images}/phase.ome.tif", images=IMAGE_SETS),
        predicted=expand(
            "results/authors/images/{images}/labels.ome.tif", images=IMAGE_SETS
        ),
        object_counts=expand(
            "results/authors/images/{images}/counts.tsv", images=IMAGE_SETS
        ),
        nuclei=expand("results/authors/images/{images}/nuclei.tsv", images=IMAGE_SETS),
        images=expand("results/authors/images/{images}/images.tsv", images=IMAGE_SETS),
    output:
        table="results/authors/counts.tsv",
    log:
        "results/logs/check_image_counts.log",
    benchmark:
        "results/benchmarks/check_image_counts.tsv"
    params:
        told={},
        stacks=["phase", "predicted"],
        opened={
            "filmed": [
                {"cohort": name, "sequence": None, "files": len(found), "channels": 1}
                for name, found in IMAGE_SETS.items()
            ]
        },
    message:
        "Adding up what went through every stage, from images to counts"
