# One network per cohort, trained on whole sequences and stopped where the validation loss is lowest.


rule train_network:
    input:
        training_phases=of_cohort(
            "results/phase/{cohort}/{sequence}.phase.ome.tif", "train"
        ),
        training_labels=of_cohort(
            "results/labels/{cohort}/{sequence}.labels.ome.tif", "train"
        ),
        validation_phases=of_cohort(
            "results/phase/{cohort}/{sequence}.phase.ome.tif", "validation"
        ),
        validation_labels=of_cohort(
            "results/labels/{cohort}/{sequence}.labels.ome.tif", "validation"
        ),
        encoder_weights=encoder_weights_file,
        start_weights=of_start("results/train/{cohort}/model.weights.h5"),
        # What the earlier network learned from, so that it is not forgotten.
        rehearsal_phases=of_rehearsal("results/phase/{cohort}/{sequence}.phase.ome.tif"),
        rehearsal_labels=of_rehearsal(
            "results/labels/{cohort}/{sequence}.labels.ome.tif"
        ),
    output:
        weights="results/train/{cohort}/model.weights.h5",
        history="results/train/{cohort}/history.tsv",
        card="results/train/{cohort}/model_card.json",
    log:
        "results/logs/train_network/{cohort}.log",
    benchmark:
        "results/benchmarks/train_network/{cohort}.tsv"
    # A model that is given may be the result of an earlier training: it is read, never made anew.
    wildcard_constraints:
        cohort=one_of(TRAINED),
    conda:
        "../../envs/network.yaml"
    # The number in the settings, whatever there is: with another one the last digits of the weights differ.
    threads: lambda wildcards: settings("train")(wildcards)["threads"] or workflow.cores
    resources:
        mem_mb=memory_to_train(settings("train")),
        runtime=more_each_attempt(1440),
    params:
        settings=settings("train"),
        seed=seed("train"),
        sequences=on_side("train", "validation"),
        # Not an output: what a killed training left must outlive the clean-up after a failed job.
        state="results/train/{cohort}/unfinished",
        code=code_hash("net.training", "net.checkpoint", "optics.stacks"),
    message:
        "Training the network of {wildcards.cohort}"
    script:
        "../scripts/train_network.py"
