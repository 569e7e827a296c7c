# Phase maps: retrieved from interferograms, or taken over where a lab has retrieved them already.


rule retrieve_phase:
    input:
        raw=image("raw"),
        background=background_frame,
    output:
        phase="results/phase/{cohort}/{sequence}.phase.ome.tif",
        quality="results/phase/{cohort}/{sequence}.quality.tsv",
    log:
        "results/logs/retrieve_phase/{cohort}/{sequence}.log",
    benchmark:
        "results/benchmarks/retrieve_phase/{cohort}/{sequence}.tsv"
    wildcard_constraints:
        sequence=one_of(WITH_RAW),
    conda:
        "../../envs/imaging.yaml"
    resources:
        mem_mb=more_each_attempt(1500),
    params:
        settings=settings("phase"),
        row=columns("pixel_size_um", "wavelength_nm", "frame_interval_min", "start_h"),
        files_per_time=time_point_files("raw"),
        code=code_hash("optics.phase_maps", "optics.file_scale", "optics.stacks"),
    message:
        "Retrieving the phase of {wildcards.sequence}"
    script:
        "../scripts/retrieve_phase.py"


rule import_phase:
    input:
        phase=image("phase"),
    output:
        phase="results/phase/{cohort}/{sequence}.phase.ome.tif",
    log:
        "results/logs/import_phase/{cohort}/{sequence}.log",
    benchmark:
        "results/benchmarks/import_phase/{cohort}/{sequence}.tsv"
    wildcard_constraints:
        sequence=one_of(WITH_PHASE),
    conda:
        "../../envs/imaging.yaml"
    params:
        downsample=setting("phase", "import_downsample"),
        compression=setting("phase", "compression"),
        mismatch=setting("phase", "metadata_mismatch"),
        row=columns("pixel_size_um", "frame_interval_min"),
        code=code_hash(
            "optics.imported_phase",
            "optics.file_scale",
            "optics.sampling",
            "optics.stacks",
        ),
    message:
        "Taking over the phase of {wildcards.sequence}"
    script:
        "../scripts/import_phase.py"
