# The trainings that Supplementary Note 5 compares, and what each is made from.


def plan_note5():
    """Trainings that Supplementary Note 5 compares, by cohort and comparison; one clear message where a user erred."""
    encoders = {c: settings_for(config, "train", c)["encoder"] for c in TRAINED}
    try:
        return {
            c: plan_variants(settings_for(config, "note5", c), c, encoders)
            for c in TRAINED
            if c in config["note5"]["cohorts"]
        }
    except LiveDeadError as error:
        sys.exit(f"Nothing was run. Please correct:\n{error}")


# NOTE5: variants of every comparison. VARIANTS: those of all comparisons that are trained, by cohort and name.
NOTE5 = plan_note5()
VARIANTS = {
    cohort: {v.name: v for variants in plan.values() for v in variants if not v.reason}
    for cohort, plan in NOTE5.items()
}


def of_variant(wildcards):
    """Variant of a job that has the wildcards cohort and variant."""
    return VARIANTS[wildcards.cohort][wildcards.variant]


def part_of_films(wildcards, fraction):
    """Names of a part of the cohort's training films."""
    films = on_side("train")(wildcards)
    replicates = [SEQUENCES[name].replicate for name in films]
    return films_of_fraction(films, replicates, fraction, config["seed"])


def variant_films(pattern):
    """Function of the wildcards that fills a pattern for the training films of a variant."""
    return lambda wildcards: files(
        pattern, part_of_films(wildcards, of_variant(wildcards).fraction)
    )


def lent_encoder(wildcards):
    """Weights file of the encoder that pre-trained variants of a cohort start from."""
    return f"results/note5/{wildcards.cohort}/encoder.weights.h5"


def lender(pattern):
    """Function of the wildcards that fills a pattern for the cohort whose network lends its encoder."""
    return lambda wildcards: pattern.format(
        cohort=setting("note5", "pretraining")(wildcards)
    )


def variant_training(wildcards):
    """Settings of the training of a variant."""
    sections = (settings(name)(wildcards) for name in ("train", "note5"))
    return variant_settings(*sections, of_variant(wildcards), lent_encoder(wildcards))


def variant_encoder_file(wildcards):
    """Weights file the encoder of a variant starts from; nothing where it starts from published weights or none."""
    lent = lent_encoder(wildcards)
    return lent if variant_training(wildcards)["encoder_weights"] == lent else []


def compared(pattern):
    """Function of the wildcards that fills a pattern for the trained variants of a comparison."""
    return lambda wildcards: [
        pattern.format(cohort=wildcards.cohort, variant=variant.name)
        for variant in NOTE5[wildcards.cohort][wildcards.comparison]
        if not variant.reason
    ]


def compared_variants(wildcards):
    """What each variant of a comparison is, in plain types."""
    return [
        {
            "variant": variant.name,
            "encoder": variant.encoder,
            "start": variant.start,
            "loss": variant.loss,
            "training_fraction": variant.fraction,
            "training_films": len(part_of_films(wildcards, variant.fraction)),
            "reason": variant.reason,
        }
        for variant in NOTE5[wildcards.cohort][wildcards.comparison]
    ]
