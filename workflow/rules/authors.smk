# The paper's authors' own images: networks trained with each labelled field held out, from random weights and from a
# network that has seen simulated cells, and the counts in their images without labels. `snakemake authors`.


use rule train_network as train_fold with:
    input:
        training_phases=of_fold(
            "results/phase/{cohort}/{sequence}.phase.ome.tif", "train"
        ),
        training_labels=of_fold(
            "results/labels/{cohort}/{sequence}.labels.ome.tif", "train"
        ),
        validation_phases=of_fold(
            "results/phase/{cohort}/{sequence}.phase.ome.tif", "validation"
        ),
        validation_labels=of_fold(
            "results/labels/{cohort}/{sequence}.labels.ome.tif", "validation"
        ),
        encoder_weights=encoder_weights_file,
        start_weights=fold_start("results/train/{cohort}/model.weights.h5"),
        rehearsal_phases=fold_rehearsal(
            "results/phase/{cohort}/{sequence}.phase.ome.tif"
        ),
        rehearsal_labels=fold_rehearsal(
            "results/labels/{cohort}/{sequence}.labels.ome.tif"
        ),
    output:
        weights="results/authors/{cohort}/{field}.{start}/model.weights.h5",
        history="results/authors/{cohort}/{field}.{start}/history.tsv",
        card="results/authors/{cohort}/{field}.{start}/model_card.json",
    log:
        "results/logs/train_fold/{cohort}/{field}.{start}.log",
    benchmark:
        "results/benchmarks/train_fold/{cohort}/{field}.{start}.tsv"
    wildcard_constraints:
        field=one_of(FOLDS),
        start=one_of(STARTS),
    resources:
        mem_mb=memory_to_train(fold_training),
        runtime=more_each_attempt(1440),
    params:
        settings=fold_training,
        # One seed for all: both starts see the same crops of the labelled images as far as shares allow.
        seed=lambda wildcards: derived_seed(config["seed"], "folds", wildcards.cohort),
        sequences=fold_sequences("train", "validation"),
        state="results/authors/{cohort}/{field}.{start}/unfinished",
    message:
        "Training without {wildcards.field}, start {wildcards.start}"


use rule score_variant as score_fold with:
    input:
        weights="results/authors/{cohort}/{field}.{start}/model.weights.h5",
        card="results/authors/{cohort}/{field}.{start}/model_card.json",
        phases=of_fold("results/phase/{cohort}/{sequence}.phase.ome.tif", "test"),
        truths=of_fold("results/labels/{cohort}/{sequence}.labels.ome.tif", "test"),
        instances=of_fold(
            "results/labels/{cohort}/{sequence}.instances.ome.tif", "test"
        ),
    output:
        scores="results/authors/{cohort}/{field}.{start}/scores.tsv",
        pixels="results/authors/{cohort}/{field}.{start}/pixel_table.tsv",
    log:
        "results/logs/score_fold/{cohort}/{field}.{start}.log",
    benchmark:
        "results/benchmarks/score_fold/{cohort}/{field}.{start}.tsv"
    wildcard_constraints:
        field=one_of(FOLDS),
        start=one_of(STARTS),
    params:
        sequences=fold_sequences("test"),
        scoring=lambda wildcards: {
            key: settings("evaluate")(wildcards)[key]
            for key in ("bootstrap_resamples", "confidence")
        }
        | {
            "sensitivity_coverages": [],
            "seed": derived_seed(config["seed"], "score_fold", wildcards.cohort),
        },
    message:
        "Scoring {wildcards.field}, start {wildcards.start}"


use rule predict_sequence as predict_fold with:
    input:
        phase="results/phase/{cohort}/{sequence}.phase.ome.tif",
        weights="results/authors/{cohort}/{field}.{start}/model.weights.h5",
        card="results/authors/{cohort}/{field}.{start}/model_card.json",
    output:
        probability="results/authors/{cohort}/{field}.{start}/{sequence}.probability.ome.tif",
        labels="results/authors/{cohort}/{field}.{start}/{sequence}.labels.ome.tif",
    log:
        "results/logs/predict_fold/{cohort}/{field}.{start}/{sequence}.log",
    benchmark:
        "results/benchmarks/predict_fold/{cohort}/{field}.{start}/{sequence}.tsv"
    wildcard_constraints:
        field=one_of(FOLDS),
        start=one_of(STARTS),
    message:
        "Predicting {wildcards.sequence}, start {wildcards.start}"


rule authors_starts:
    input:
        cards=each_fold("results/authors/{cohort}/{field}.{start}/model_card.json"),
        pixels=each_fold("results/authors/{cohort}/{field}.{start}/pixel_table.tsv"),
        scores=each_fold("results/authors/{cohort}/{field}.{start}/scores.tsv"),
    output:
        html=in_report("results/figures/{cohort}/authors_starts.html"),
        tsv=in_report("results/figures/{cohort}/authors_starts.tsv"),
        caption="results/figures/{cohort}/authors_starts.caption.txt",
    log:
        "results/logs/authors_starts/{cohort}.log",
    benchmark:
        "results/benchmarks/authors_starts/{cohort}.tsv"
    conda:
        "../../envs/drawing.yaml"
    params:
        fields=[field for field in FOLDS for _ in STARTS],
        starts=lambda wildcards: [
            start_words(wildcards.cohort, start) for _ in FOLDS for start in STARTS
        ],
        code=code_hash("paper.starts"),
    message:
        "Laying out both starts of {wildcards.cohort} side by side"
    script:
        "../scripts/authors_starts.py"


rule authors_fields:
    input:
        phases=each_held_out("results/phase/{cohort}/{sequence}.phase.ome.tif"),
        truths=each_held_out("results/labels/{cohort}/{sequence}.labels.ome.tif"),
        predicted=each_held_out(
            "results/authors/{cohort}/{field}.{start}/{sequence}.labels.ome.tif"
        ),
    output:
        png=in_report("results/figures/{cohort}/authors_fields.png"),
        svg="results/figures/{cohort}/authors_fields.svg",
        tsv=in_report("results/figures/{cohort}/authors_fields.tsv"),
        caption="results/figures/{cohort}/authors_fields.caption.txt",
    log:
        "results/logs/authors_fields/{cohort}.log",
    benchmark:
        "results/benchmarks/authors_fields/{cohort}.tsv"
    conda:
        "../../envs/drawing.yaml"
    params:
        titles=held_out_titles,
        code=code_hash("paper.outlined", "optics.stacks"),
    message:
        "Drawing the held-out fields of {wildcards.cohort}"
    script:
        "../scripts/authors_fields.py"


use rule import_phase as import_images with:
    input:
        phase=lambda wildcards: IMAGE_SETS[wildcards.images],
    output:
        phase="results/authors/images/{images}/phase.ome.tif",
    log:
        "results/logs/import_images/{images}.log",
    benchmark:
        "results/benchmarks/import_images/{images}.tsv"
    wildcard_constraints:
        images=one_of(IMAGE_SETS),
    params:
        downsample=config["phase"]["import_downsample"],
        compression=config["phase"]["compression"],
        mismatch=config["phase"]["metadata_mismatch"],
        # Frames are images: an hour for each makes their number their time.
        row={"pixel_size_um": AUTHORS["pixel_size_um"], "frame_interval_min": 60},
    message:
        "Taking over the images of {wildcards.images}"


use rule predict_sequence as predict_images with:
    input:
        phase="results/authors/images/{images}/phase.ome.tif",
        weights=image_network("model.weights.h5"),
        card=image_network("model_card.json"),
    output:
        probability="results/authors/images/{images}/probability.ome.tif",
        labels="results/authors/images/{images}/labels.ome.tif",
    log:
        "results/logs/predict_images/{images}.log",
    benchmark:
        "results/benchmarks/predict_images/{images}.tsv"
    wildcard_constraints:
        images=one_of(IMAGE_SETS),
    params:
        batch_size=config["predict"]["batch_size"],
        resample=config["predict"]["resample"],
        network={
            key: config["predict"][key]
            for key in ("engine", "adapt_normalisation", "tile_px", "tile_overlap_px")
        },
        compression=config["phase"]["compression"],
    message:
        "Predicting the images of {wildcards.images}"


use rule measure_nuclei as measure_images with:
    input:
        labels="results/authors/images/{sequence}/labels.ome.tif",
        probability="results/authors/images/{sequence}/probability.ome.tif",
        phase="results/authors/images/{sequence}/phase.ome.tif",
    output:
        nuclei="results/authors/images/{sequence}/nuclei.tsv",
        counts="results/authors/images/{sequence}/counts.tsv",
    log:
        "results/logs/measure_images/{sequence}.log",
    benchmark:
        "results/benchmarks/measure_images/{sequence}.tsv"
    wildcard_constraints:
        # The script tells nuclei by this wildcard.
        sequence=one_of(IMAGE_SETS),
    params:
        settings={
            key: config["predict"][key]
            for key in ("min_area_um2", "split_distance_um")
        },
        dry_mass=config["dry_mass"],
        # Grey images have no dry mass, so no wavelength is used.
        row={"wavelength_nm": 550, "frame_interval_min": 60, "start_h": 0},
    message:
        "Measuring the nuclei of {wildcards.sequence}"


rule count_images:
    input:
        nuclei="results/authors/images/{images}/nuclei.tsv",
    output:
        images="results/authors/images/{images}/images.tsv",
        trend="results/authors/images/{images}/trend.tsv",
    log:
        "results/logs/count_images/{images}.log",
    benchmark:
        "results/benchmarks/count_images/{images}.tsv"
    wildcard_constraints:
        images=one_of(IMAGE_SETS),
    conda:
        "../../envs/imaging.yaml"
    params:
        names=lambda wildcards: [
            os.path.basename(file) for file in IMAGE_SETS[wildcards.images]
        ],
        settings={
            key: config["evaluate"][key]
            for key in ("bootstrap_resamples", "confidence")
        },
        seed=lambda wildcards: derived_seed(
            config["seed"], "count_images", wildcards.images
        ),
        code=code_hash("cells.image_trend"),
    message:
        "Counting the nuclei of {wildcards.images}"
    script:
        "../scripts/count_images.py"


rule authors_trend:
    input:
        images="results/authors/images/{images}/images.tsv",
        trend="results/authors/images/{images}/trend.tsv",
    output:
        png=in_report("results/figures/{images}/authors_trend.png"),
        svg="results/figures/{images}/authors_trend.svg",
        tsv=in_report("results/figures/{images}/authors_trend.tsv"),
        caption="results/figures/{images}/authors_trend.caption.txt",
    log:
        "results/logs/authors_trend/{images}.log",
    benchmark:
        "results/benchmarks/authors_trend/{images}.tsv"
    wildcard_constraints:
        images=one_of(IMAGE_SETS),
    conda:
        "../../envs/drawing.yaml"
    params:
        code=code_hash("paper.image_trend"),
    message:
        "Drawing the dead fraction of {wildcards.images} against the time index"
    script:
        "../scripts/authors_trend.py"


rule authors_extremes:
    input:
        images="results/authors/images/{images}/images.tsv",
        phase="results/authors/images/{images}/phase.ome.tif",
        labels="results/authors/images/{images}/labels.ome.tif",
    output:
        png=in_report("results/figures/{images}/authors_extremes.png"),
        svg="results/figures/{images}/authors_extremes.svg",
        tsv=in_report("results/figures/{images}/authors_extremes.tsv"),
        caption="results/figures/{images}/authors_extremes.caption.txt",
    log:
        "results/logs/authors_extremes/{images}.log",
    benchmark:
        "results/benchmarks/authors_extremes/{images}.tsv"
    wildcard_constraints:
        images=one_of(IMAGE_SETS),
    conda:
        "../../envs/drawing.yaml"
    params:
        code=code_hash("cells.image_trend", "paper.outlined", "optics.stacks"),
    message:
        "Drawing the most and the least certain image of {wildcards.images}"
    script:
        "../scripts/authors_extremes.py"
