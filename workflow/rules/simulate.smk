# Films of simulated cells or calibration bodies, with their truth; only tests and stage checks read the truth.


rule simulate_sequence:
    output:
        raw="results/simulate/{cohort}/{sequence}.raw.ome.tif",
        live="results/simulate/{cohort}/{sequence}.live.ome.tif",
        dead="results/simulate/{cohort}/{sequence}.dead.ome.tif",
        truth_phase="results/simulate/{cohort}/{sequence}.truth_phase.ome.tif",
        truth_nuclei="results/simulate/{cohort}/{sequence}.truth_nuclei.ome.tif",
        truth="results/simulate/{cohort}/{sequence}.truth.tsv",
    log:
        "results/logs/simulate_sequence/{cohort}/{sequence}.log",
    benchmark:
        "results/benchmarks/simulate_sequence/{cohort}/{sequence}.tsv"
    wildcard_constraints:
        sequence=one_of(SIMULATED_STAINED),
    conda:
        "../../envs/imaging.yaml"
    resources:
        mem_mb=more_each_attempt(2000),
    params:
        seed=seed("simulate"),
        settings=film_settings,
        row=columns("wavelength_nm", "frame_interval_min", "start_h"),
        sampling=sampling,
        dry_mass=settings("dry_mass"),
        code=code_hash("optics.simulator", "optics.stacks"),
    message:
        "Filming simulated cells of {wildcards.sequence}"
    script:
        "../scripts/simulate_sequence.py"


use rule simulate_sequence as simulate_unstained with:
    output:
        raw="results/simulate/{cohort}/{sequence}.raw.ome.tif",
        truth_phase="results/simulate/{cohort}/{sequence}.truth_phase.ome.tif",
        truth_nuclei="results/simulate/{cohort}/{sequence}.truth_nuclei.ome.tif",
        truth="results/simulate/{cohort}/{sequence}.truth.tsv",
    log:
        "results/logs/simulate_unstained/{cohort}/{sequence}.log",
    benchmark:
        "results/benchmarks/simulate_unstained/{cohort}/{sequence}.tsv"
    wildcard_constraints:
        sequence=one_of(SIMULATED_UNSTAINED),
