"""Quantize the network of a cohort, and write down how well it agrees with the original on the validation films."""

import json

from livedead.cells.same_nuclei import compare_films
from livedead.desk.files import whole_file
from livedead.desk.model_folder import read_card
from livedead.desk.rulelog import rule_log
from livedead.net.engines import make_quantized
from livedead.net.films import predict_film
from livedead.net.int8_check import int8_record
from livedead.optics.stacks import read_frames

with rule_log(snakemake) as log:
    source, output, adapted = snakemake.input, snakemake.output, snakemake.params.adapt_normalisation
    card = read_card(source.card)
    training, films = ([read_frames(path) for path in source[f"{side}_phases"]] for side in ("training", "validation"))
    *networks, write = make_quantized(card, source.weights, snakemake.threads, adapted, training)
    pairs = ([predict_film(network, film, card["settings"], 1) for network in networks] for film in films)
    found = compare_films(pairs, [film.info.pixel_size_um for film in films], **snakemake.params.nuclei)
    record = int8_record(found, source.weights, adapted)
    with whole_file(output.graph) as graph, whole_file(output.numbers) as numbers, whole_file(output.check) as check:
        write(graph, numbers)
        check.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    log.info("int8 %s its check: %s", "passes" if record["passed"] else "does not pass", record)
