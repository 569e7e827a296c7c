# The authors' published images: fields held out in turn, and folders of single images.
from workflow.scripts.livedead.desk.folds import leave_out

AUTHORS = config["authors"]


def plan_folds():
    """Side of every labelled image, by the field that is held out; one clear message where a user erred."""
    labelled = [row for row in SEQUENCES.values() if row.cohort == AUTHORS["labelled"]]
    try:
        return {field: leave_out(labelled, field) for field in AUTHORS["held_out"]}
    except LiveDeadError as error:
        sys.exit(f"Nothing was run. Please correct:\n{error}")


def find_image_sets():
    """Files of every folder of single images, in the order of their names."""
    found = {}
    for name in AUTHORS["images"]:
        folder = os.path.join(config["data_folder"], name)
        there = os.listdir(folder) if os.path.isdir(folder) else []
        found[name] = sorted(
            os.path.join(folder, file) for file in there if file.endswith(".png")
        )
        if not found[name]:
            sys.exit(
                f"Nothing was run. Please correct:\nconfig: authors.images.{name} ({folder} holds no PNG; wanted "
                "data_folder to be the folder of the authors' images)"
            )
    return found


# FOLDS: sides of the labelled images by the field held out. IMAGE_SETS: files of single images by folder.
# STARTS: what the trainings of a fold start from.
FOLDS = plan_folds()
IMAGE_SETS = find_image_sets()
STARTS = ["random", *(["pretrained"] if AUTHORS["labelled"] in START else [])]
# One image of every field held out is shown, with both starts.
HELD_OUT_SHOWN = [
    (field, start, next(name for name, side in sides.items() if side == "test"))
    for field, sides in FOLDS.items()
    for start in STARTS
]
# As REPORTED, for what only `snakemake authors` makes.
PUBLISHED = {
    "authors_starts": ("The authors' images", "Nuclei in held-out fields", "html"),
    "authors_fields": ("The authors' images", "Held-out fields", "png"),
    "authors_trend": ("The authors' images", "Dead fraction and time", "png"),
    "authors_extremes": ("The authors' images", "Most and least certain", "png"),
}


def fold_sequences(*sides):
    """Function of the wildcards: names of the labelled images on these sides of a fold."""
    return lambda wildcards: [
        name for name, side in FOLDS[wildcards.field].items() if side in sides
    ]


def of_fold(pattern, *sides):
    """Function of the wildcards that fills a pattern for the labelled images on these sides of a fold."""
    return lambda wildcards: files(pattern, fold_sequences(*sides)(wildcards))


def fold_start(pattern):
    """Function of the wildcards: a pattern of the earlier network where the fold starts from it, else nothing."""
    return lambda wildcards: (
        of_start(pattern)(wildcards) if wildcards.start == "pretrained" else []
    )


def fold_rehearsal(pattern):
    """Function of the wildcards: films of the earlier network where the fold starts from it, else nothing."""
    return lambda wildcards: (
        of_rehearsal(pattern)(wildcards) if wildcards.start == "pretrained" else []
    )


def fold_training(wildcards):
    """Settings of the training of a fold."""
    found = settings("train")(wildcards)
    random = {"start_from": "none", "rehearsal": 0}
    return found if wildcards.start == "pretrained" else found | random


def each_fold(pattern):
    """Function of the wildcards that fills a pattern for every field held out and every start, in this order."""
    return lambda wildcards: [
        pattern.format(cohort=wildcards.cohort, field=field, start=start)
        for field in FOLDS
        for start in STARTS
    ]


def each_held_out(pattern):
    """Function of the wildcards that fills a pattern for every held-out image and start, in the order of the titles."""
    return lambda wildcards: [
        pattern.format(cohort=wildcards.cohort, field=field, start=start, sequence=name)
        for field, start, name in HELD_OUT_SHOWN
    ]


def held_out_titles(wildcards):
    """What is said above every picture of a held-out image."""
    return [
        f"{name}\nstart: {start_words(wildcards.cohort, start)}"
        for _, start, name in HELD_OUT_SHOWN
    ]


def start_words(cohort, start):
    """Say in words what a training starts from."""
    return f"network of {START[cohort]}" if start == "pretrained" else "random weights"


def image_network(file):
    """Function of the wildcards: a file of the model folder that predicts a folder of single images."""
    return lambda wildcards: f"{AUTHORS['images'][wildcards.images]}/{file}"


def authors_results():
    """Everything that is made of the authors' images."""
    labelled = AUTHORS["labelled"]
    return [
        *([f"results/figures/{labelled}/authors_starts.html"] if FOLDS else []),
        *([f"results/figures/{labelled}/authors_fields.png"] if FOLDS else []),
        *(f"results/authors/images/{name}/images.tsv" for name in IMAGE_SETS),
        *(["results/authors/counts.tsv"] if IMAGE_SETS else []),
        *(f"results/figures/{name}/authors_extremes.png" for name in IMAGE_SETS),
        *(
            f"results/figures/{name}/authors_trend.png"
            for name, found in IMAGE_SETS.items()
            if any(re.search(r"f\d+_t\d+_", file) for file in found)
        ),
    ]
