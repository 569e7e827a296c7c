# Whole sequences for training, validation and test.


rule split_sequences:
    input:
        phases=of_cohort("results/phase/{cohort}/{sequence}.phase.ome.tif"),
    output:
        table="results/split/{cohort}/split.tsv",
    log:
        "results/logs/split_sequences/{cohort}.log",
    benchmark:
        "results/benchmarks/split_sequences/{cohort}.tsv"
    conda:
        "../../envs/imaging.yaml"
    params:
        sequences=on_side(),
        sides=lambda wildcards: list(SPLIT[wildcards.cohort].values()),
        replicates=lambda wildcards: [
            SEQUENCES[name].replicate for name in SPLIT[wildcards.cohort]
        ],
        code=code_hash("desk.split", "desk.tables", "optics.stacks"),
    message:
        "Splitting the sequences of {wildcards.cohort}"
    script:
        "../scripts/split_sequences.py"
