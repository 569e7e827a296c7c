# Whose images are counted, and how many files and channels they have.
from functools import cache


# Kept, because several rules ask, and a film may have thousands of files.
@cache
def measured_images(name):
    """Images that the phase of a film is made from: interferograms, or a ready phase map."""
    return image("raw" if name in WITH_RAW else "phase")(SEQUENCES[name])


@cache
def truth_images(name):
    """Images that the labels of a film are made from: a dye, or a ready label map."""
    return image("live" if name in STAINED else "labels")(SEQUENCES[name])


def opened(images, sequences, raw=()):
    """Say how the files of these images are to be opened; interferograms come several to a time point."""
    return [
        {
            "cohort": SEQUENCES[name].cohort,
            "sequence": name,
            "files": len(listed(images(name))),
            "channels": (
                len(
                    settings_for(config, "phase", SEQUENCES[name].cohort)["frame_order"]
                )
                if name in raw
                else 1
            ),
        }
        for name in sequences
    ]


def sheet_counts():
    """What the sheet and the settings ask for: films, those that no network sees, frames to be simulated."""
    films = [
        {
            "cohort": row.cohort,
            "sequence": name,
            "films": 1,
            "without_network": int(name not in SPLIT.get(row.cohort, {})),
        }
        for name, row in SEQUENCES.items()
    ]
    planned = [
        {"cohort": SEQUENCES[name].cohort, "sequence": name, "frames": frames}
        for name, frames in FRAMES.items()
    ]
    return {
        "sheet": [films, "the sheet"],
        "planned": [planned, "simulate.frames of the settings"],
    }


# Films whose labels a run makes: those that a network learns from or is tested on.
LABELLED = [
    name
    for name in WITH_TRUTH
    if SPLIT.get(SEQUENCES[name].cohort, {}).get(name)
    in ("train", "validation", "test")
]
# Tracks of films that stand in no arm of a comparison; those of the other films are compared.
ARMLESS = [
    name
    for name in TRACKED
    if SEQUENCES[name].cohort in COMPARED_COHORTS
    and SEQUENCES[name].condition not in ("stained", "unstained")
]
