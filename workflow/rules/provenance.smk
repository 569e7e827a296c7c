# What the results of a run were made with.


# In the main process, so that the command line is that of the run, on a cluster, too.
localrules:
    record_provenance,


rule record_provenance:
    input:
        sheet=config["sheet"],
        claims="results/claims/claims.tsv",
        passed="results/checks/passed.txt" if SIMULATED_RAW else [],
        cards=expand("results/train/{cohort}/model_card.json", cohort=TRAINED),
    output:
        record="results/provenance.json",
    log:
        "results/logs/record_provenance.log",
    benchmark:
        "results/benchmarks/record_provenance.tsv"
    conda:
        "../../envs/imaging.yaml"
    params:
        config=config,
        cohorts=TRAINED,
        # Asking for threads tells Snakemake that another command line is no reason to write it again.
        command=lambda wildcards, threads: " ".join(sys.argv),
        code=code_hash("desk.provenance"),
    message:
        "Writing down what the results were made with"
    script:
        "../scripts/record_provenance.py"
