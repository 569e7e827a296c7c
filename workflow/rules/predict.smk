# The network's view of every sequence of its cohort, stained or not, and the quantized form of a network.


rule predict_sequence:
    input:
        phase="results/phase/{cohort}/{sequence}.phase.ome.tif",
        weights=of_network("results/train/{cohort}/model.weights.h5"),
        card=of_network("results/train/{cohort}/model_card.json"),
        int8=int8_network,
    output:
        probability="results/predict/{cohort}/{sequence}.probability.ome.tif",
        labels="results/predict/{cohort}/{sequence}.labels.ome.tif",
    log:
        "results/logs/predict_sequence/{cohort}/{sequence}.log",
    benchmark:
        "results/benchmarks/predict_sequence/{cohort}/{sequence}.tsv"
    conda:
        "../../envs/network.yaml"
    # One thread: most of the time is loading the network, so jobs side by side finish sooner.
    threads: 1
    resources:
        mem_mb=more_each_attempt(4000),
        runtime=more_each_attempt(60),
    params:
        batch_size=lambda wildcards: settings("predict")(wildcards)["batch_size"],
        resample=setting("predict", "resample"),
        network=network_settings,
        compression=lambda wildcards: settings("phase")(wildcards)["compression"],
        code=code_hash("net.engines", "net.inference", "optics.stacks"),
    message:
        "Predicting live and dead nuclei in {wildcards.sequence}"
    script:
        "../scripts/predict_sequence.py"


rule measure_nuclei:
    input:
        labels="results/predict/{cohort}/{sequence}.labels.ome.tif",
        probability="results/predict/{cohort}/{sequence}.probability.ome.tif",
        phase="results/phase/{cohort}/{sequence}.phase.ome.tif",
    output:
        nuclei="results/predict/{cohort}/{sequence}.nuclei.tsv",
        counts="results/predict/{cohort}/{sequence}.counts.tsv",
    log:
        "results/logs/measure_nuclei/{cohort}/{sequence}.log",
    benchmark:
        "results/benchmarks/measure_nuclei/{cohort}/{sequence}.tsv"
    conda:
        "../../envs/imaging.yaml"
    params:
        settings=nucleus_settings,
        dry_mass=settings("dry_mass"),
        row=columns("wavelength_nm", "frame_interval_min", "start_h"),
        code=code_hash("cells.records", "optics.stacks"),
    message:
        "Measuring the predicted nuclei of {wildcards.sequence}"
    script:
        "../scripts/measure_nuclei.py"


rule quantize_network:
    input:
        weights="results/train/{cohort}/model.weights.h5",
        card="results/train/{cohort}/model_card.json",
        training_phases=of_cohort(
            "results/phase/{cohort}/{sequence}.phase.ome.tif", "train"
        ),
        validation_phases=of_cohort(
            "results/phase/{cohort}/{sequence}.phase.ome.tif", "validation"
        ),
    output:
        graph="results/train/{cohort}/model.int8.xml",
        numbers="results/train/{cohort}/model.int8.bin",
        check="results/train/{cohort}/model.int8.json",
    log:
        "results/logs/quantize_network/{cohort}.log",
    benchmark:
        "results/benchmarks/quantize_network/{cohort}.tsv"
    wildcard_constraints:
        cohort=one_of(TRAINED),
    conda:
        "../../envs/network.yaml"
    threads: 1
    resources:
        mem_mb=more_each_attempt(4000),
        runtime=more_each_attempt(60),
    params:
        adapt_normalisation=setting("predict", "adapt_normalisation"),
        nuclei=nucleus_settings,
        code=code_hash(
            "cells.same_nuclei",
            "net.engines",
            "net.films",
            "net.int8_check",
            "optics.stacks",
        ),
    message:
        "Quantizing the network of {wildcards.cohort}, and holding it against the original"
    script:
        "../scripts/quantize_network.py"
