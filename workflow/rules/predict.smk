# The network's view of every sequence of its cohort, stained or not.


rule predict_sequence:
    input:
        phase="results/phase/{cohort}/{sequence}.phase.ome.tif",
        weights=of_network("results/train/{cohort}/model.weights.h5"),
        card=of_network("results/train/{cohort}/model_card.json"),
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
        adapt_normalisation=setting("predict", "adapt_normalisation"),
        compression=lambda wildcards: settings("phase")(wildcards)["compression"],
        code=code_hash("net.inference", "optics.stacks"),
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
        settings=lambda wildcards: {
            key: settings("predict")(wildcards)[key]
            for key in ("min_area_um2", "split_distance_um")
        },
        dry_mass=settings("dry_mass"),
        row=columns("wavelength_nm", "frame_interval_min", "start_h"),
        code=code_hash("cells.records", "optics.stacks"),
    message:
        "Measuring the predicted nuclei of {wildcards.sequence}"
    script:
        "../scripts/measure_nuclei.py"
