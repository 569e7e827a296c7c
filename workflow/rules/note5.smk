# Supplementary Note 5: encoders, pre-training, losses and the size of the training set, each as trainings that differ in
# one thing. Not part of a plain run: `snakemake note5`, or note5_encoders, note5_pretraining, note5_losses,
# note5_training_size.


rule take_encoder:
    input:
        weights=lender("results/train/{cohort}/model.weights.h5"),
        card=lender("results/train/{cohort}/model_card.json"),
    output:
        encoder="results/note5/{cohort}/encoder.weights.h5",
    log:
        "results/logs/take_encoder/{cohort}.log",
    benchmark:
        "results/benchmarks/take_encoder/{cohort}.tsv"
    conda:
        "../../envs/network.yaml"
    resources:
        mem_mb=more_each_attempt(2000),
    params:
        code=code_hash("net.pretrained", "net.inference"),
    message:
        "Taking the encoder that pre-trained variants of {wildcards.cohort} start from"
    script:
        "../scripts/take_encoder.py"


# The very script that trains a cohort's network, with other settings and films.
use rule train_network as train_variant with:
    input:
        training_phases=variant_films("results/phase/{cohort}/{sequence}.phase.ome.tif"),
        training_labels=variant_films(
            "results/labels/{cohort}/{sequence}.labels.ome.tif"
        ),
        validation_phases=of_cohort(
            "results/phase/{cohort}/{sequence}.phase.ome.tif", "validation"
        ),
        validation_labels=of_cohort(
            "results/labels/{cohort}/{sequence}.labels.ome.tif", "validation"
        ),
        encoder_weights=variant_encoder_file,
        start_weights=[],
        rehearsal_phases=[],
        rehearsal_labels=[],
    output:
        weights="results/note5/{cohort}/{variant}/model.weights.h5",
        history="results/note5/{cohort}/{variant}/history.tsv",
        card="results/note5/{cohort}/{variant}/model_card.json",
    log:
        "results/logs/train_variant/{cohort}/{variant}.log",
    benchmark:
        "results/benchmarks/train_variant/{cohort}/{variant}.tsv"
    wildcard_constraints:
        variant=one_of({name for cohort in VARIANTS.values() for name in cohort}),
    resources:
        mem_mb=memory_to_train(variant_training),
        runtime=more_each_attempt(1440),
    params:
        settings=variant_training,
        # One seed for all: variants see the same crops in the same order wherever their films and batches allow.
        seed=lambda wildcards: derived_seed(config["seed"], "note5", wildcards.cohort),
        sequences=lambda wildcards: variant_films("{sequence}")(wildcards)
        + on_side("validation")(wildcards),
        state="results/note5/{cohort}/{variant}/unfinished",
    message:
        "Training the variant {wildcards.variant} of {wildcards.cohort}"


rule score_variant:
    input:
        weights="results/note5/{cohort}/{variant}/model.weights.h5",
        card="results/note5/{cohort}/{variant}/model_card.json",
        phases=of_cohort("results/phase/{cohort}/{sequence}.phase.ome.tif", "test"),
        truths=of_cohort("results/labels/{cohort}/{sequence}.labels.ome.tif", "test"),
        instances=of_cohort(
            "results/labels/{cohort}/{sequence}.instances.ome.tif", "test"
        ),
    output:
        scores="results/note5/{cohort}/{variant}/scores.tsv",
        pixels="results/note5/{cohort}/{variant}/pixel_table.tsv",
    log:
        "results/logs/score_variant/{cohort}/{variant}.log",
    benchmark:
        "results/benchmarks/score_variant/{cohort}/{variant}.tsv"
    wildcard_constraints:
        variant=one_of({name for cohort in VARIANTS.values() for name in cohort}),
    conda:
        "../../envs/network.yaml"
    threads: 1
    resources:
        mem_mb=more_each_attempt(4000),
        runtime=more_each_attempt(60),
    params:
        sequences=on_side("test"),
        batch_size=setting("predict", "batch_size"),
        adapt_normalisation=setting("predict", "adapt_normalisation"),
        min_coverage=setting("evaluate", "min_coverage"),
        # The draws of the intervals, too, are the same for all variants.
        scoring=lambda wildcards: {
            key: settings("evaluate")(wildcards)[key]
            for key in ("bootstrap_resamples", "confidence")
        }
        | {
            "sensitivity_coverages": [],
            "seed": derived_seed(config["seed"], "score_variant", wildcards.cohort),
        },
        code=code_hash(
            "net.inference",
            "net.films",
            "cells.variants",
            "cells.scores",
            "cells.pixels",
            "optics.stacks",
        ),
    message:
        "Scoring the variant {wildcards.variant} of {wildcards.cohort}"
    script:
        "../scripts/score_variant.py"


rule measure_encoders:
    output:
        costs="results/note5/{cohort}/encoder_costs.tsv",
    log:
        "results/logs/measure_encoders/{cohort}.log",
    benchmark:
        "results/benchmarks/measure_encoders/{cohort}.tsv"
    conda:
        "../../envs/network.yaml"
    # Alone on the machine: the times are results.
    threads: workflow.cores
    resources:
        mem_mb=more_each_attempt(6000),
        runtime=more_each_attempt(60),
    params:
        encoders=lambda wildcards: settings("note5")(wildcards)["encoders"]["counted"],
        image_px=lambda wildcards: settings("note5")(wildcards)["encoders"]["image_px"],
        timed_images=lambda wildcards: settings("note5")(wildcards)["encoders"][
            "timed_images"
        ],
        code=code_hash("net.complexity", "net.determinism"),
    message:
        "Counting and timing the encoders"
    script:
        "../scripts/measure_encoders.py"


rule compare_variants:
    input:
        cards=compared("results/note5/{cohort}/{variant}/model_card.json"),
        scores=compared("results/note5/{cohort}/{variant}/scores.tsv"),
        pixels=compared("results/note5/{cohort}/{variant}/pixel_table.tsv"),
    output:
        table="results/note5/{cohort}/{comparison}.tsv",
    log:
        "results/logs/compare_variants/{cohort}/{comparison}.log",
    benchmark:
        "results/benchmarks/compare_variants/{cohort}/{comparison}.tsv"
    wildcard_constraints:
        comparison=one_of(COMPARISONS),
    conda:
        "../../envs/imaging.yaml"
    params:
        variants=compared_variants,
        code=code_hash("cells.variants"),
    message:
        "Comparing {wildcards.comparison} in {wildcards.cohort}"
    script:
        "../scripts/compare_variants.py"


rule encoder_table:
    input:
        table="results/note5/{cohort}/encoders.tsv",
        costs="results/note5/{cohort}/encoder_costs.tsv",
    output:
        html=in_report("results/figures/{cohort}/note5_encoders.html"),
        tsv=in_report("results/figures/{cohort}/note5_encoders.tsv"),
        caption="results/figures/{cohort}/note5_encoders.caption.txt",
    log:
        "results/logs/encoder_table/{cohort}.log",
    benchmark:
        "results/benchmarks/encoder_table/{cohort}.tsv"
    conda:
        "../../envs/drawing.yaml"
    params:
        cells=origin,
        code=code_hash("paper.note5"),
    message:
        "Laying out the encoders of {wildcards.cohort}"
    script:
        "../scripts/encoder_table.py"


rule pretraining_table:
    input:
        table="results/note5/{cohort}/pretraining.tsv",
    output:
        html=in_report("results/figures/{cohort}/note5_pretraining.html"),
        tsv=in_report("results/figures/{cohort}/note5_pretraining.tsv"),
        caption="results/figures/{cohort}/note5_pretraining.caption.txt",
    log:
        "results/logs/pretraining_table/{cohort}.log",
    benchmark:
        "results/benchmarks/pretraining_table/{cohort}.tsv"
    conda:
        "../../envs/drawing.yaml"
    params:
        cells=origin,
        pretraining=setting("note5", "pretraining"),
        code=code_hash("paper.note5"),
    message:
        "Laying out pre-trained against scratch in {wildcards.cohort}"
    script:
        "../scripts/pretraining_table.py"


rule loss_table:
    input:
        table="results/note5/{cohort}/losses.tsv",
    output:
        html=in_report("results/figures/{cohort}/note5_losses.html"),
        tsv=in_report("results/figures/{cohort}/note5_losses.tsv"),
        caption="results/figures/{cohort}/note5_losses.caption.txt",
    log:
        "results/logs/loss_table/{cohort}.log",
    benchmark:
        "results/benchmarks/loss_table/{cohort}.tsv"
    conda:
        "../../envs/drawing.yaml"
    params:
        cells=origin,
        losses=setting("note5", "losses"),
        code=code_hash("paper.note5", "paper.figure2"),
    message:
        "Laying out the losses of {wildcards.cohort}"
    script:
        "../scripts/loss_table.py"


rule training_size_curve:
    input:
        table="results/note5/{cohort}/training_size.tsv",
    output:
        png=in_report("results/figures/{cohort}/note5_training_size.png"),
        svg="results/figures/{cohort}/note5_training_size.svg",
        tsv=in_report("results/figures/{cohort}/note5_training_size.tsv"),
        caption="results/figures/{cohort}/note5_training_size.caption.txt",
    log:
        "results/logs/training_size_curve/{cohort}.log",
    benchmark:
        "results/benchmarks/training_size_curve/{cohort}.tsv"
    conda:
        "../../envs/drawing.yaml"
    params:
        cells=origin,
        pretraining=setting("note5", "pretraining"),
        code=code_hash("paper.trainingsize"),
    message:
        "Drawing the scores of {wildcards.cohort} against the number of training images"
    script:
        "../scripts/training_size_curve.py"
