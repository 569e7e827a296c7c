# What every stage needs to know: settings, sequences, sides, names of files.
import os
import re
import sys
from types import SimpleNamespace

from snakemake.exceptions import WorkflowError

from workflow.scripts.livedead.desk.codehash import code_hash
from workflow.scripts.livedead.desk.errors import LiveDeadError
from workflow.scripts.livedead.desk.films import film_frames
from workflow.scripts.livedead.desk.networks import networks_of
from workflow.scripts.livedead.desk.seeds import derived_seed
from workflow.scripts.livedead.desk.settings import (
    check_cohorts,
    check_settings,
    settings_for,
)
from workflow.scripts.livedead.desk.sheet import SIMULATED, read_sheet
from workflow.scripts.livedead.desk.split import split_sequences, unsplit_sides
from workflow.scripts.livedead.desk.variants import (
    COMPARISONS,
    films_of_fraction,
    plan_variants,
    variant_settings,
)


def read_inputs():
    """Check the settings, read the sheet and divide the sequences; one clear message where a user erred."""
    presets = workflow.overwrite_configfiles
    # The values of --configfile stand above those of the project.
    files = [*(f for f in workflow.configfiles if f not in presets), *presets]
    given = [min(str(file), os.path.relpath(file), key=len) for file in files]
    try:
        check_settings(
            config, workflow.source_path("../schemas/config.schema.yaml"), given
        )
        sequences = {
            s.sequence: s for s in read_sheet(config["sheet"], config["data_folder"])
        }
        cohorts = list(dict.fromkeys(s.cohort for s in sequences.values()))
        check_cohorts(config, cohorts, given)
        networks = networks_of(config, sequences.values())
        frames = film_frames(config, sequences.values())
        sides = {}
        for cohort, network in networks.items():
            members = [s for s in sequences.values() if s.cohort == cohort]
            if network == cohort:
                fractions = settings_for(config, "split", cohort)
                sides[cohort] = split_sequences(members, fractions, config["seed"])
            else:
                sides[cohort] = unsplit_sides(members, network)
    except LiveDeadError as error:
        # Only the sentences: the way through the code that read the files helps nobody to mend them.
        sys.exit(f"Nothing was run. Please correct:\n{error}")
    return sequences, cohorts, networks, sides, frames


# SEQUENCES: row of the sheet by name. COHORTS: all, in the order of the sheet.
# NETWORK: for every cohort that a network sees, the cohort that trains it.
# SPLIT: for these cohorts, the side of each of its sequences.
# FRAMES: for every simulated film, its number of frames.
SEQUENCES, COHORTS, NETWORK, SPLIT, FRAMES = read_inputs()
TRAINED = [cohort for cohort, network in NETWORK.items() if network == cohort]
SCORED = [cohort for cohort, sides in SPLIT.items() if "test" in sides.values()]


def names(condition):
    """Names of the sequences whose row fulfils a condition."""
    return [name for name, row in SEQUENCES.items() if condition(row)]


SIMULATED_RAW = names(lambda s: s.raw == SIMULATED)
SIMULATED_STAINED = names(lambda s: s.raw == SIMULATED and s.live is not None)
SIMULATED_UNSTAINED = names(lambda s: s.raw == SIMULATED and s.live is None)
WITH_RAW = names(lambda s: s.raw is not None)
WITH_PHASE = names(lambda s: s.phase is not None)
STAINED = names(lambda s: s.live is not None)
WITH_LABELS = names(lambda s: s.labels is not None)
WITH_TRUTH = names(lambda s: s.has_truth)
# What a network has seen in training is not predicted: it says nothing, and costs as much as the rest.
PREDICTED = names(
    lambda s: SPLIT.get(s.cohort, {}).get(s.sequence) in ("test", "predict")
)
TESTED = names(lambda s: SPLIT.get(s.cohort, {}).get(s.sequence) == "test")
TRACKED = [
    name
    for name in PREDICTED
    if settings_for(config, "track", SEQUENCES[name].cohort)["enabled"]
]
SIMULATED_TRACKED = [name for name in TRACKED if SEQUENCES[name].raw == SIMULATED]


def cohorts_with(condition, cohorts=COHORTS):
    """Those cohorts that have a sequence whose row fulfils a condition."""
    found = {row.cohort for row in SEQUENCES.values() if condition(row)}
    return [cohort for cohort in cohorts if cohort in found]


SIMULATED_SCORED = cohorts_with(lambda s: s.raw == SIMULATED, SCORED)
TRACKED_COHORTS = cohorts_with(lambda s: s.sequence in TRACKED)
# Growth is compared between arms, so both must have been filmed.
COMPARED_COHORTS = cohorts_with(
    lambda s: s.condition == "unstained",
    cohorts_with(lambda s: s.condition == "stained", TRACKED_COHORTS),
)
# Of simulated cells it is known when the arms differ.
SIMULATED_COMPARED = [
    cohort
    for cohort in COMPARED_COHORTS
    if cohort not in cohorts_with(lambda s: s.raw != SIMULATED)
]
# Cohorts that are filmed, and which of the paper's videos each stands for.
VIDEOS = {
    cohort: name
    for cohort in cohorts_with(lambda s: s.sequence in PREDICTED)
    if (name := settings_for(config, "videos", cohort)["show"]) != "none"
}
LIVE_VIEWS = [cohort for cohort, name in VIDEOS.items() if name == "video3"]
STAINED_AFTER = cohorts_with(lambda s: s.condition == "stained_after", SCORED)
# Tables in which later stages judge themselves, in the form of the stage checks.
JUDGED = [
    *(["results/checks/tracks.tsv"] if SIMULATED_TRACKED else []),
    *(["results/checks/windows.tsv"] if SIMULATED_COMPARED else []),
]
for cohort in TRACKED_COHORTS:
    if cohort not in COMPARED_COHORTS and workflow.is_main_process:
        print(
            f"{cohort} has no films of both stained and unstained cells: nothing is compared, no Fig. 5",
            file=sys.stderr,
        )


def one_of(words):
    """Regular expression for exactly these words; for none at all it fits nothing."""
    return "|".join(re.escape(word) for word in words) or "(?!)"


wildcard_constraints:
    cohort=one_of(COHORTS),
    sequence=one_of(SEQUENCES),


def row(wildcards):
    """Row of the sheet (a `Sequence`) of a job that has the wildcards cohort and sequence."""
    found = SEQUENCES[wildcards.sequence]
    if found.cohort != wildcards.cohort:
        raise WorkflowError(
            f"{found.sequence} is of the cohort {found.cohort}, not {wildcards.cohort}; "
            "ask for the file in that folder"
        )
    return found


def columns(*keys):
    """Function of the wildcards that gives cells of the sheet as a plain dictionary, for params."""
    return lambda wildcards: {key: getattr(row(wildcards), key) for key in keys}


def settings(section):
    """Function of the wildcards that gives a section of the config as it holds for the job's cohort."""
    return lambda wildcards: settings_for(config, section, wildcards.cohort)


def film_settings(wildcards):
    """Section `simulate` as it holds for a job's film: for its cohort, its condition and its confluence."""
    film = row(wildcards)
    found = settings_for(
        config,
        "simulate",
        film.cohort,
        condition=film.condition,
        confluence=film.confluence,
    )
    # The list of other films is no business of this one.
    del found["frames_of"]
    return found | {"frames": FRAMES.get(film.sequence, found["frames"])}


def setting(section, key):
    """Function of the wildcards that gives one value of a section."""
    return lambda wildcards: settings(section)(wildcards)[key]


def seed(stage):
    """Function of the wildcards that gives a seed of its own to every job of a stage."""
    return lambda wildcards: derived_seed(config["seed"], stage, *wildcards)


def image(column):
    """Function of the wildcards that gives the image file of a column: the sheet's, or the simulated one."""

    def find(wildcards):
        found = row(wildcards)
        made = f"results/simulate/{found.cohort}/{found.sequence}.{column}.ome.tif"
        path = getattr(found, column)
        return made if path == SIMULATED else path

    return find


def files(pattern, sequences):
    """Fill a pattern of cohort and sequence for sequences given by name."""
    return [
        pattern.format(cohort=SEQUENCES[name].cohort, sequence=name)
        for name in sequences
    ]


def on_side(*sides):
    """Function of the wildcards that names the cohort's sequences on these sides; all where none is given."""
    return lambda wildcards: [
        name
        for name, side in SPLIT[wildcards.cohort].items()
        if side in sides or not sides
    ]


def of_cohort(pattern, *sides):
    """Function of the wildcards that fills a pattern for the cohort's sequences on these sides."""
    return lambda wildcards: files(pattern, on_side(*sides)(wildcards))


def of_network(pattern):
    """Function of the wildcards that fills a pattern for the cohort whose network is used."""
    return lambda wildcards: pattern.format(cohort=NETWORK[wildcards.cohort])


def tracked(wildcards):
    """Names of the cohort's sequences whose nuclei are followed through time."""
    return [name for name in TRACKED if SEQUENCES[name].cohort == wildcards.cohort]


def of_tracked(pattern):
    """Function of the wildcards that fills a pattern for the cohort's tracked sequences."""
    return lambda wildcards: files(pattern, tracked(wildcards))


def mass_conditions(wildcards):
    """What a film's dry mass was computed with; the tables that hold it name that."""
    found = row(wildcards)
    correction = setting("phase", "halo_correction")(wildcards)
    return {
        "wavelength_nm": found.wavelength_nm,
        **settings("dry_mass")(wildcards),
        # Who imports ready phase maps knows how they were made; this pipeline does not.
        "halo_correction": correction if found.raw else "imported",
    }


def encoder_weights_file(wildcards):
    """Weights file the encoder starts from; nothing where the settings name published weights or none."""
    weights = setting("train", "encoder_weights")(wildcards)
    return [] if weights in ("none", "imagenet", "noisy-student") else weights


def dye_downsampling(wildcards):
    """Factor from the pixels of the dyes to those of the phase."""
    # A ready phase map and its dyes lie on one grid; dyes beside interferograms are camera pixels.
    return setting("phase", "downsample")(wildcards) if row(wildcards).raw else 1


def origin(wildcards):
    """What the cohort's predicted sequences are: simulated, real or mixed."""
    kinds = {
        "simulated" if SEQUENCES[name].raw == SIMULATED else "real"
        for name in on_side("test", "predict")(wildcards)
    }
    return kinds.pop() if len(kinds) == 1 else "mixed"


def cell_line(wildcards):
    """Cell line of the cohort's test sequences, any where there are several."""
    lines = {SEQUENCES[name].cell_line for name in on_side("test")(wildcards)}
    return lines.pop() if len(lines) == 1 else "any"


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


def sampling(wildcards):
    """Camera pixel of a row, and how many of them make one pixel of the phase map."""
    factor = setting("phase", "downsample")(wildcards)
    return columns("pixel_size_um")(wildcards) | {"downsample": factor}


def simulation_kind(wildcards):
    """What a simulated film is for: bodies of known index, cells without halo, or cells as in an experiment."""
    simulate = film_settings(wildcards)
    if simulate["specimen"] == "phantoms":
        return "bodies"
    return "cells" if simulate["optics"]["coherence_sigma_um"] else "no_halo"


def stained_maps(wildcards):
    """Instance and label map of a stained sequence; nothing for one without dyes."""
    kept = [name for name in [wildcards.sequence] if name in STAINED]
    return [
        path
        for kind in ("instances", "labels")
        for path in files(
            f"results/labels/{{cohort}}/{{sequence}}.{kind}.ome.tif", kept
        )
    ]


def retrieved(wildcards):
    """Names of the cohort's sequences whose phase is retrieved here, not imported."""
    return [name for name in on_side()(wildcards) if name in WITH_RAW]


# The paper numbers its figures and tables by cell line.
CHO = cohorts_with(lambda s: s.cell_line == "CHO", TRAINED)
NOT_CHO = [cohort for cohort in TRAINED if cohort not in CHO]
CONFLUENCE_TOLD = cohorts_with(lambda s: s.confluence and s.sequence in TESTED, TRAINED)


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


# Figure or table -> its category and title in the report, its main file, and the cohorts it is made for (None: one for
# the whole run). The rule, its files and its caption in workflow/report have this name.
REPORTED = {
    "figure1": ("Paper figures", "Fig. 1b-e: phase, dyes, viability", "png", TRAINED),
    "figure2": ("Paper figures", "Fig. 2d, S3: loss", "png", TRAINED),
    "figure3": ("Paper figures", "Fig. 3: truth and prediction", "png", TRAINED),
    "figure4": ("Paper figures", "Fig. 4: CHO through time", "png", CHO),
    "figure5": ("Paper figures", "Fig. 5: growth", "png", COMPARED_COHORTS),
    "table1": ("Paper tables", "Table 1: nuclei", "html", NOT_CHO),
    "table2": ("Paper tables", "Table 2: CHO nuclei", "html", CHO),
    "pixel_table": ("Paper tables", "Pixels", "html", TRAINED),
    "architecture": ("Supplement", "Fig. S3: network", "png", TRAINED),
    "note3_table": ("Supplement", "Note 3: pixels and nuclei", "html", TRAINED),
    "note4_table": ("Supplement", "Note 4: stained after", "html", STAINED_AFTER),
    "confluence_table": ("Supplement", "Note 4: confluence", "html", CONFLUENCE_TOLD),
    "early_deaths": ("Supplement", "Fig. S5: early deaths", "png", TRAINED),
    "survival": ("Beyond the paper", "Survival", "png", COMPARED_COHORTS),
    "statistics_table": (
        "Beyond the paper",
        "Statistics of growth",
        "html",
        COMPARED_COHORTS,
    ),
    "arms_table": (
        "Beyond the paper",
        "Nuclei kept and lost",
        "html",
        COMPARED_COHORTS,
    ),
    "viability_curve": ("Beyond the paper", "Viability against time", "png", TRAINED),
    "phase_quality": (
        "Beyond the paper",
        "Quality of the phase maps",
        "png",
        cohorts_with(lambda s: s.sequence in WITH_RAW, SPLIT),
    ),
    "claims_table": ("Claims", "Every number of the paper", "html", None),
    # Only simulated cells have a truth that every stage can be held against.
    "stage_check_table": (
        "Checks",
        "Stage checks",
        "html",
        None if SIMULATED_RAW else [],
    ),
}

# The same for what is made on request only, in no plain run.
ON_REQUEST = {
    "note5_encoders": ("Supplementary Note 5", "Encoders", "html", list(NOTE5)),
    "note5_pretraining": ("Supplementary Note 5", "Pre-training", "html", list(NOTE5)),
    "note5_losses": ("Supplementary Note 5", "Losses", "html", list(NOTE5)),
    "note5_training_size": (
        "Supplementary Note 5",
        "Size of the training set",
        "png",
        list(NOTE5),
    ),
}


def in_report(path):
    """Mark a figure or table for the report, under the cohort's name where it has one."""
    name, kind = os.path.basename(path).split(".")
    category, title, _, _ = (REPORTED | ON_REQUEST)[name]
    # The report shows first what comes first in the alphabet.
    kinds = {"png": "figure", "html": "formatted table", "tsv": "source data"}
    return report(
        path,
        category=category,
        subcategory="{cohort}" if "{cohort}" in path else None,
        caption=f"../report/{name}.rst",
        labels={"shows": title, "file": kinds[kind]},
    )


def video_in_report(path):
    """Mark a page with a movie, or its numbers, for the report."""
    kinds = {".html": "movie", ".tsv": "source data"}
    return report(
        path,
        category="Videos",
        subcategory="{cohort}",
        caption="../report/video.rst",
        labels={"shows": "{video}", "file": kinds[os.path.splitext(path)[1]]},
    )


def all_videos():
    """The page of every cohort's video; the rule makes the movie with it."""
    return [f"results/videos/{cohort}/{name}.html" for cohort, name in VIDEOS.items()]


def all_figures(listed=REPORTED):
    """Every figure and table of the report, one file each; the rule makes its other files with it."""
    return [
        f"results/figures/{folder}{name}.{kind}"
        for name, (_, _, kind, cohorts) in listed.items()
        for folder in ([""] if cohorts is None else [f"{c}/" for c in cohorts])
    ]
