# What the report shows, and where in it.

# The paper numbers its figures and tables by cell line.
CHO = cohorts_with(lambda s: s.cell_line == "CHO", TRAINED)
NOT_CHO = [cohort for cohort in TRAINED if cohort not in CHO]
CONFLUENCE_TOLD = cohorts_with(lambda s: s.confluence and s.sequence in TESTED, TRAINED)

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
    "count_table": ("Checks", "Counts from stage to stage", "html", None),
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
    category, title, *_ = (REPORTED | ON_REQUEST | PUBLISHED)[name]
    # The report shows first what comes first in the alphabet.
    kinds = {"png": "figure", "html": "formatted table", "tsv": "source data"}
    return report(
        path,
        category=category,
        subcategory=next((w for w in ("{cohort}", "{images}") if w in path), None),
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


def viability_in_report(path):
    """Mark the viability curve of a plate, or its numbers, for the report."""
    kinds = {".png": "figure", ".tsv": "source data"}
    return report(
        path,
        category="Viability",
        subcategory="{cohort}",
        caption="../report/plate_curve.rst",
        labels={
            "shows": "Live fraction of the wells",
            "file": kinds[os.path.splitext(path)[1]],
        },
    )


def all_viability():
    """Curve, tables and overlays of every cohort that is predicted; the rules make their other files with them."""
    cohorts = cohorts_with(lambda s: s.sequence in PREDICTED)
    return [
        *expand("results/viability/{cohort}/viability_curve.png", cohort=cohorts),
        *files("results/viability/{cohort}/{sequence}.overlay.ome.tif", PREDICTED),
        *(["results/viability/counts.tsv"] if PREDICTED else []),
    ]


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
