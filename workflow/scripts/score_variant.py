"""Score a variant of the training on the test films, nuclei and pixels; one film at a time is in memory."""

from livedead.cells.pixels import pixel_scores
from livedead.cells.scores import score_rows
from livedead.cells.variants import match_film
from livedead.desk.model_folder import read_card
from livedead.desk.rulelog import rule_log
from livedead.desk.tables import write_table
from livedead.net.films import predict_film
from livedead.net.inference import restore_network
from livedead.optics.stacks import read_frames

with rule_log(snakemake):
    source, params, found = snakemake.input, snakemake.params, []
    card = read_card(source.card)
    model = restore_network(card, source.weights, snakemake.threads, params.adapt_normalisation)
    for name, *paths in zip(params.sequences, source.phases, source.truths, source.instances, strict=True):
        phase, *truth = map(read_frames, paths)
        predicted = predict_film(model, phase, card["settings"], params.batch_size)
        found.append(match_film(phase, *truth, predicted, sequence=name, min_coverage=params.min_coverage))
    matches, spurious, pixels = map(sum, zip(*found, strict=True), ([], [], 0))
    write_table(snakemake.output.scores, score_rows(matches, spurious, params.sequences, **params.scoring))
    write_table(snakemake.output.pixels, pixel_scores(pixels))
