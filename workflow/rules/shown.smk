# Which films, arms and dyes figures and videos show.


def shown_sequence(wildcards):
    """Name of the sequence of Fig. 1: the configured one, else the cohort's last test sequence with dyes or labels."""
    wanted = setting("figures", "sequence")(wildcards)
    known = [name for name in on_side()(wildcards) if SEQUENCES[name].has_truth]
    if wanted == "auto":
        tested = on_side("test")(wildcards)
        return min(
            reversed(known),
            key=lambda name: (name not in tested, name not in STAINED),
        )
    if wanted not in known:
        raise WorkflowError(
            f"config: figures.sequence = {wanted} (wanted auto or a sequence of {wildcards.cohort} with live and "
            f"dead, or labels: {', '.join(known)})"
        )
    return wanted


def of_shown(pattern):
    """Function of the wildcards that fills a pattern for the sequence of Fig. 1."""
    return lambda wildcards: files(pattern, [shown_sequence(wildcards)])[0]


def held_out_sequence(wildcards):
    """Name of the sequence of Fig. 4: that of Fig. 1 if it is held out, else the cohort's last test sequence."""
    shown, tested = shown_sequence(wildcards), on_side("test")(wildcards)
    return shown if shown in tested else tested[-1]


def of_held_out(pattern):
    """Function of the wildcards that fills a pattern for the sequence of Fig. 4."""
    return lambda wildcards: files(pattern, [held_out_sequence(wildcards)])[0]


def shown_arms(wildcards):
    """Sequence of Fig. 5 for each arm: the first one of the sheet."""
    return {
        arm: next(n for n in tracked(wildcards) if SEQUENCES[n].condition == arm)
        for arm in ("stained", "unstained")
    }


def of_arm(arm, pattern):
    """Function of the wildcards that fills a pattern for the sequence of Fig. 5 of an arm."""
    return lambda wildcards: files(pattern, [shown_arms(wildcards)[arm]])[0]


def shown_dye(column):
    """Function of the wildcards that gives a dye's images of the sequence of Fig. 1; nothing where it has none."""

    def find(wildcards):
        name = shown_sequence(wildcards)
        shown = SimpleNamespace(cohort=wildcards.cohort, sequence=name)
        return image(column)(shown) or []

    return find


def filmed_sequence(wildcards):
    """Name of the sequence of the cohort's video: the configured one, else a test film with dyes, or one without."""
    wanted = setting("videos", "sequence")(wildcards)
    live_view = VIDEOS[wildcards.cohort] == "video3"
    known = [
        name
        for name in on_side("test", "predict")(wildcards)
        if not live_view or name in WITH_RAW
    ]
    if wanted == "auto" and known:
        return min(reversed(known), key=lambda name: (name in STAINED) == live_view)
    if wanted not in known:
        raise WorkflowError(
            f"config: videos.sequence = {wanted} for {wildcards.cohort} (wanted auto or a predicted sequence"
            f"{' with raw' * live_view}: {', '.join(known) or 'there is none; set videos.show to none'})"
        )
    return wanted


def of_filmed(pattern):
    """Function of the wildcards that fills a pattern for the sequence of the cohort's video."""
    return lambda wildcards: files(pattern, [filmed_sequence(wildcards)])[0]


def filmed_image(column):
    """Function of the wildcards that gives images of the sequence of the cohort's video; nothing where it has none."""

    def find(wildcards):
        name = filmed_sequence(wildcards)
        found = image(column)(SimpleNamespace(cohort=wildcards.cohort, sequence=name))
        return found or []

    return find


def measured_rates(wildcards):
    """Table of the measured frame rate for the live view; nothing for another video."""
    rates = f"results/videos/{wildcards.cohort}/frame_rate.tsv"
    return [rates] if VIDEOS[wildcards.cohort] == "video3" else []


def stained_tests(wildcards):
    """Names of the cohort's test sequences that have dyes."""
    return [name for name in on_side("test")(wildcards) if name in STAINED]


def test_dyes(column):
    """Function of the wildcards that gives a dye's images of the cohort's stained test sequences."""
    return lambda wildcards: [
        image(column)(SimpleNamespace(cohort=wildcards.cohort, sequence=name))
        for name in stained_tests(wildcards)
    ]
