# Every stage held against the simulator's truth; a run of simulated cells ends with an error if one fails.


rule check_sequence:
    input:
        phase="results/phase/{cohort}/{sequence}.phase.ome.tif",
        truth_phase="results/simulate/{cohort}/{sequence}.truth_phase.ome.tif",
        truth_nuclei="results/simulate/{cohort}/{sequence}.truth_nuclei.ome.tif",
        truth="results/simulate/{cohort}/{sequence}.truth.tsv",
        stained=stained_maps,
    output:
        frames="results/checks/{cohort}/{sequence}.tsv",
    log:
        "results/logs/check_sequence/{cohort}/{sequence}.log",
    benchmark:
        "results/benchmarks/check_sequence/{cohort}/{sequence}.tsv"
    wildcard_constraints:
        sequence=one_of(SIMULATED_RAW),
    conda:
        "../../envs/imaging.yaml"
    params:
        kind=simulation_kind,
        min_area_um2=lambda wildcards: settings("labels")(wildcards)["min_area_um2"],
        row=columns("wavelength_nm"),
        code=code_hash("cells.truth_comparison", "optics.stacks"),
    message:
        "Checking {wildcards.sequence} against its truth"
    script:
        "../scripts/check_sequence.py"


rule check_stages:
    input:
        frames=files("results/checks/{cohort}/{sequence}.tsv", SIMULATED_RAW),
        quality=files("results/phase/{cohort}/{sequence}.quality.tsv", SIMULATED_RAW),
        sides=expand("results/split/{cohort}/split.tsv", cohort=TRAINED),
        scores=expand("results/evaluate/{cohort}/scores.tsv", cohort=SIMULATED_SCORED),
        baselines=expand(
            "results/evaluate/{cohort}/baseline.tsv",
            cohort=[c for c in SIMULATED_SCORED if c in TRAINED],
        ),
        judged=JUDGED,
    output:
        table="results/checks/stage_checks.tsv",
    log:
        "results/logs/check_stages.log",
    benchmark:
        "results/benchmarks/check_stages.tsv"
    conda:
        "../../envs/imaging.yaml"
    params:
        scored=SIMULATED_SCORED,
        trained=[c for c in SIMULATED_SCORED if c in TRAINED],
        limits=config["checks"],
        cohort_limits={c: settings_for(config, "checks", c) for c in COHORTS},
        code=code_hash("cells.stage_checks"),
    message:
        "Judging every stage"
    script:
        "../scripts/check_stages.py"


rule pass_checks:
    input:
        table="results/checks/stage_checks.tsv",
    output:
        passed="results/checks/passed.txt",
    log:
        "results/logs/pass_checks.log",
    benchmark:
        "results/benchmarks/pass_checks.tsv"
    conda:
        "../../envs/imaging.yaml"
    params:
        code=code_hash("cells.stage_checks"),
    message:
        "Refusing the run if a stage missed its threshold"
    script:
        "../scripts/pass_checks.py"
