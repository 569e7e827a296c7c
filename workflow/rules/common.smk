# What every stage needs to know: settings, sequences, sides, names of files.
import os
import re
import sys
from types import SimpleNamespace

from snakemake.exceptions import WorkflowError

from workflow.scripts.livedead.desk.codehash import code_hash
from workflow.scripts.livedead.desk.demands import training_memory_mb
from workflow.scripts.livedead.desk.errors import LiveDeadError
from workflow.scripts.livedead.desk.files import check_writable
from workflow.scripts.livedead.desk.inputs import read_inputs
from workflow.scripts.livedead.desk.model_folder import model_name
from workflow.scripts.livedead.desk.seeds import derived_seed
from workflow.scripts.livedead.desk.series import (
    files_per_time,
    is_pattern,
    series_files,
)
from workflow.scripts.livedead.desk.settings import settings_for
from workflow.scripts.livedead.desk.sheet import SIMULATED
from workflow.scripts.livedead.desk.starts import learned_cells
from workflow.scripts.livedead.desk.variants import (
    COMPARISONS,
    films_of_fraction,
    plan_variants,
    variant_settings,
)


def checked_inputs():
    """Settings and sheet, checked together; one clear message where a user erred."""
    presets = workflow.overwrite_configfiles
    # The values of --configfile stand above those of the project.
    files = [*(f for f in workflow.configfiles if f not in presets), *presets]
    given = [min(str(file), os.path.relpath(file), key=len) for file in files]
    schema = workflow.source_path("../schemas/config.schema.yaml")
    try:
        if workflow.is_main_process:
            check_writable("results", below=3)
        return read_inputs(config, schema, given)
    except LiveDeadError as error:
        # Only the sentences: the way through the code that read the files helps nobody to mend them.
        sys.exit(f"Nothing was run. Please correct:\n{error}")


# SEQUENCES: row of the sheet by name. COHORTS: all, in the order of the sheet.
# NETWORK: for every cohort that a network sees, the cohort that trains it; with `model` that folder.
# START: for every cohort whose training starts from the network of another one, that cohort.
# SPLIT: for these cohorts, the side of each of its sequences.
# FRAMES: for every simulated film, its number of frames.
SEQUENCES, COHORTS, NETWORK, START, SPLIT, FRAMES = checked_inputs()
# A given model may lie in a folder that is called as a cohort.
TRAINED = [c for c, network in NETWORK.items() if network == c and not config["model"]]
SCORED = [cohort for cohort, sides in SPLIT.items() if "test" in sides.values()]
# Whose network other programs may have; a given model is tried on the first cohort.
EXPORTED = TRAINED or list(NETWORK)[:1]


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


def more_each_attempt(amount):
    """Function for resources: a job that was sent again asks for twice, then three times the amount."""
    return lambda wildcards, attempt: amount * attempt


def memory_to_train(training):
    """The same for the memory of a training, by its settings (a function of the wildcards)."""
    return lambda wildcards, attempt: training_memory_mb(training(wildcards)) * attempt


def image(column):
    """Function of the wildcards that gives the image file of a column: the sheet's, or the simulated one.

    Where the sheet has a file-name pattern, all its files in the order of time."""

    def find(wildcards):
        found = row(wildcards)
        made = f"results/simulate/{found.cohort}/{found.sequence}.{column}.ome.tif"
        path = getattr(found, column)
        if path and is_pattern(path):
            return series_files(path)
        return made if path == SIMULATED else path

    return find


def listed(files):
    """Files as a list, a single one too."""
    return [files] if isinstance(files, str) else files


def time_point_files(column):
    """Function of the wildcards: files that hold one time point where the column is a pattern, else None."""
    return lambda wildcards: files_per_time(getattr(row(wildcards), column))


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
    """Function of the wildcards that fills a pattern for the network that is used: its file in a given model."""
    if config["model"]:
        return os.path.join(config["model"], os.path.basename(pattern))
    return lambda wildcards: pattern.format(cohort=NETWORK[wildcards.cohort])


def network_settings(wildcards):
    """What makes a network predict, for params."""
    keys = ("engine", "adapt_normalisation", "tile_px", "tile_overlap_px")
    return {key: settings("predict")(wildcards)[key] for key in keys}


def nucleus_settings(wildcards):
    """What makes a predicted object a nucleus, for params."""
    keys = ("min_area_um2", "split_distance_um")
    return {key: settings("predict")(wildcards)[key] for key in keys}


def int8_network(wildcards):
    """Graph, numbers and check of the quantized network; nothing for the other engines."""
    # In a given model folder the job itself looks for them, and says what to do without.
    if setting("predict", "engine")(wildcards) != "int8" or config["model"]:
        return []
    made = f"results/train/{NETWORK[wildcards.cohort]}/model.int8"
    return [f"{made}.xml", f"{made}.bin", f"{made}.json"]


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


def of_start(pattern):
    """Function of the wildcards: a pattern of the cohort whose network a training starts from; nothing without one."""
    return lambda wildcards: [
        pattern.format(cohort=START[name])
        for name in [wildcards.cohort]
        if name in START
    ]


def of_rehearsal(pattern):
    """Function of the wildcards: files of the films that the network a training starts from has learned."""

    def find(wildcards):
        cohort = START.get(wildcards.cohort)
        if not cohort or not setting("train", "rehearsal")(wildcards):
            return []
        learned = [name for name, side in SPLIT[cohort].items() if side == "train"]
        return files(pattern, learned)

    return find


def background_frame(wildcards):
    """Dark frame of the camera; nothing where the settings name none."""
    return [path for path in [setting("phase", "background_frame")(wildcards)] if path]


def example_phase(wildcards):
    """Phase of a sequence that the cohort's network has not learned, to try the exported network on."""
    cohort = [name for name in PREDICTED if SEQUENCES[name].cohort == wildcards.cohort]
    return files("results/phase/{cohort}/{sequence}.phase.ome.tif", cohort)[0]


def export_names(wildcards):
    """What an exported network is called, and what kind of cells it learned."""
    if config["model"]:
        return {"name": model_name(config["model"]), "origin": "unknown"}
    learned = learned_cells(wildcards.cohort, START, SPLIT, SEQUENCES)
    return {"name": wildcards.cohort, "origin": learned}


def dye_downsampling(wildcards):
    """Factor from the pixels of the dyes to those of the phase."""
    # A ready phase map and its dyes lie on one grid; dyes beside interferograms are camera pixels.
    key = "downsample" if row(wildcards).raw else "import_downsample"
    return setting("phase", key)(wildcards)


def origin(wildcards):
    """What the cohort's predicted sequences are: simulated, real or mixed."""
    kinds = {SEQUENCES[name].cells for name in on_side("test", "predict")(wildcards)}
    return kinds.pop() if len(kinds) == 1 else "mixed"


def cell_line(wildcards):
    """Cell line of the cohort's test sequences, any where there are several."""
    lines = {SEQUENCES[name].cell_line for name in on_side("test")(wildcards)}
    return lines.pop() if len(lines) == 1 else "any"


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


def retrieval_quality(wildcards):
    """Quality table of a sequence whose phase is retrieved here; nothing for phase that was taken over."""
    kept = [name for name in [wildcards.sequence] if name in WITH_RAW]
    return files("results/phase/{cohort}/{sequence}.quality.tsv", kept)


def plate_fields(wildcards):
    """Which field of which well every predicted sequence of a cohort is."""
    keys = ("sequence", "replicate", "well", "condition", "tile")
    return [
        {key: getattr(SEQUENCES[name], key) for key in keys}
        for name in on_side("test", "predict")(wildcards)
    ]
