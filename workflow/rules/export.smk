# Trained networks, and a given model, in formats that other programs read.


rule export_onnx:
    input:
        weights=of_network("results/train/{cohort}/model.weights.h5"),
        card=of_network("results/train/{cohort}/model_card.json"),
        phase=example_phase,
    output:
        onnx="results/export/{cohort}/model.onnx",
        agreement="results/export/{cohort}/agreement.tsv",
    log:
        "results/logs/export_onnx/{cohort}.log",
    benchmark:
        "results/benchmarks/export_onnx/{cohort}.tsv"
    wildcard_constraints:
        cohort=one_of(EXPORTED),
    conda:
        "../../envs/exchange.yaml"
    resources:
        mem_mb=more_each_attempt(4000),
    params:
        seed=seed("export"),
        code=code_hash(
            "net.onnx_export", "net.onnx_check", "net.inference", "optics.stacks"
        ),
    message:
        "Writing the network of {wildcards.cohort} as ONNX"
    script:
        "../scripts/export_onnx.py"


rule package_network:
    input:
        onnx="results/export/{cohort}/model.onnx",
        weights=of_network("results/train/{cohort}/model.weights.h5"),
        card=of_network("results/train/{cohort}/model_card.json"),
        phase=example_phase,
        citation="CITATION.cff",
    output:
        package="results/export/{cohort}/model.bioimageio.zip",
    log:
        "results/logs/package_network/{cohort}.log",
    benchmark:
        "results/benchmarks/package_network/{cohort}.tsv"
    wildcard_constraints:
        cohort=one_of(EXPORTED),
    conda:
        "../../envs/exchange.yaml"
    resources:
        mem_mb=more_each_attempt(4000),
    params:
        names=export_names,
        # Largest side of the test image; both sides become multiples of 32.
        test_px=512,
        code=code_hash(
            "net.bioimageio_package",
            "net.inference",
            "net.onnx_check",
            "net.onnx_export",
            "optics.stacks",
            "paper.cover",
        ),
    message:
        "Packing the network of {wildcards.cohort} for bioimage.io"
    script:
        "../scripts/package_network.py"
