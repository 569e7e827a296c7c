"""Count and time the network with each encoder."""

from livedead.desk.rulelog import rule_log
from livedead.desk.tables import write_table
from livedead.net.complexity import encoder_costs
from livedead.net.determinism import set_determinism

with rule_log(snakemake) as log:
    params, rows = snakemake.params, []
    set_determinism(0, snakemake.threads)
    for row in encoder_costs(params.encoders, params.image_px, params.timed_images, snakemake.threads):
        log.info("%s: %.2f s per image", row["encoder"], row["seconds_per_image"])
        rows.append(row)
    write_table(snakemake.output.costs, rows)
