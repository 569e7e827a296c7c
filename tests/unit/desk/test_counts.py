from collections import Counter

import pytest
from livedead.desk.counts import COUNT_COLUMNS, add_up, refuse_gaps
from livedead.desk.errors import CheckError
from livedead.desk.tables import write_table
from livedead.desk.tallies import Tally, place_of, tally_film, tally_rows, tally_tables

FILM, OTHER, COHORT = ("hela", "f1"), ("hela", "f2"), ("hela", None)


def tally(source="a file", **numbers):
    return Tally(Counter(numbers), source)


def numbers(row):
    return tuple(row[name] for name in ("stage", "sequence", "n_in", "n_out", "n_dropped", "reasons"))


def test_what_comes_in_goes_out_or_is_dropped():
    rows = add_up(
        {
            "filmed": {FILM: tally("raw", frames=3)},
            "phase": {FILM: tally("phase", frames=3)},
            "label_counts": {FILM: tally(found=9, kept=6, dropped_small=2, dropped_faint=1, dropped_large=0)},
            "label_nuclei": {FILM: tally(rows=6)},
        }
    )
    assert list(rows[0]) == list(COUNT_COLUMNS)
    assert [numbers(row) for row in rows] == [
        ("phase", "f1", 3, 3, 0, None),
        ("labels", "f1", 9, 6, 3, "small 2; faint 1"),
    ]
    assert (rows[0]["counted_in"], rows[0]["counted_out"]) == ("raw", "phase")
    refuse_gaps(rows)


def test_films_of_a_cohort_are_counted_together():
    rows = add_up(
        {
            "sheet": tally_rows(
                [{"cohort": "hela", "sequence": name, "films": 1, "without_network": 0} for name in ("f1", "f2", "f3")]
                + [{"cohort": "odd", "sequence": "o1", "films": 1, "without_network": 1}],
                "the sheet",
            ),
            "splits": {COHORT: tally(train=1, validation=1, test=1, frames=30, learned=20)},
            "cards": {COHORT: tally(frames=20)},
            "predicted": {FILM: tally_film(10, "labels")},
            "matches": {FILM: tally("m1", rows=4, matched=3, missed=1), OTHER: tally("m2", rows=5, matched=5)},
            "scores": {COHORT: tally(nuclei=9, missed=1)},
        }
    )
    assert [numbers(row) for row in rows] == [
        ("split", None, 3, 1, 2, "train 1; validation 1"),
        ("split", None, 1, 0, 1, "without network 1"),
        ("train", None, 20, 20, 0, None),
        ("evaluate", None, 9, 9, 0, None),
        ("evaluate", None, 1, 1, 0, None),
    ]
    assert rows[3]["counted_in"] == "m1 and 1 more"
    refuse_gaps(rows)


def test_tracks_are_followed_into_the_arms():
    counts = {"tracks": 7, "late": 2, "at_start": 5, "kept": 3, "not_kept_dead": 2}
    rows = add_up(
        {
            "tracks": {FILM: tally(linked=20, tracks=7)},
            "nuclei": {FILM: tally(rows=21)},
            "track_counts": {FILM: tally(dropped_too_few_detections=1, **counts), OTHER: tally(at_start=4)},
            "armless": {OTHER: tally(of_no_arm=4)},
            "arms": {COHORT: tally(kept=3, lost_dead=2)},
        }
    )
    assert [numbers(row) for row in rows] == [
        ("track", "f1", 21, 20, 1, "too few detections 1"),
        ("track", "f1", 7, 3, 4, "late 2; dead 2"),
        ("compare", None, 9, 3, 6, "dead 2; of no arm 4"),
    ]


def test_a_gap_is_named_with_its_numbers_and_files():
    kinds = {"filmed": {FILM: tally("raw.tif", frames=10)}, "phase": {FILM: tally("phase.tif", frames=9)}}
    with pytest.raises(CheckError, match=r"^1 of 1 counts .*phase, hela, f1: 10 frames in raw.tif, but 9 in phase.tif"):
        refuse_gaps(add_up(kinds))
    objects = {"object_counts": {FILM: tally(found=5, dropped_small=1)}, "nuclei": {FILM: tally(rows=5)}}
    with pytest.raises(CheckError, match=r"predict, hela, f1: 5 nuclei in a file, but 5 \+ 1 dropped \(small 1\) in"):
        refuse_gaps(add_up(objects))


def test_many_gaps_do_not_fill_the_screen():
    films = [("hela", f"f{n}") for n in range(8)]
    kinds = {"filmed": dict.fromkeys(films, tally(frames=2)), "phase": dict.fromkeys(films, tally(frames=1))}
    with pytest.raises(CheckError, match=r"^8 of 8 .*; and 3 more\. Remove"):
        refuse_gaps(add_up(kinds))


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("results/phase/hela/f1.phase.ome.tif", FILM),
        ("results/track/hela/f1.track_counts.tsv", FILM),
        ("results/split/hela/split.tsv", COHORT),
        ("results/train/hela/model_card.json", COHORT),
        ("results/authors/images/HeLa/phase.ome.tif", ("HeLa", None)),
    ],
)
def test_files_tell_whose_they_are(path, place):
    assert place_of(path) == place


def test_tables_tell_their_numbers(tmp_path):
    def table(name, rows):
        path = tmp_path / "hela" / name
        path.parent.mkdir(exist_ok=True)
        write_table(path, rows)
        return [path]

    (tmp_path / "hela").mkdir()
    card = tmp_path / "hela/model_card.json"
    card.write_text('{"data": {"training": {"frames": 8}, "validation": {"frames": 2}}}')
    score = {"subset": "all", "nuclei": 12}
    files = {
        "phase": ["no table"],
        "nuclei": table("f1.nuclei.tsv", [{"label": 1}, {"label": 2}]),
        "object_counts": table("f1.counts.tsv", [{"time_h": 0.5, "found": 3, "kept": 2}, {"time_h": 1, "found": 1}]),
        "splits": table(
            "split.tsv", [{"side": side, "frames": 5} for side in ("train", "train", "validation", "test")]
        ),
        "cards": [card],
        "matches": table("f1.matches.tsv", [{"predicted_state": state} for state in ("live", "missed", "dead")]),
        "scores": table(
            "scores.tsv",
            [
                score | {"score": "missed", "value": 2},
                score | {"score": "spurious", "value": 1},
                score | {"subset": "interior", "score": "missed", "value": 0},
            ],
        ),
        "tracks": table("f1.tracks.tsv", [{"track": 1}, {"track": 1}, {"track": 4}, {"track": None}]),
        "armless": table("f1.track_counts.tsv", [{"at_start": 3, "kept": 1}]),
        "wells": table(
            "viability.tsv",
            [{"n_live": 5, "n_dead": 2, "n_uncertain": 1, "n_shared": 3, "n_excluded": 0, "n_images": 2}] * 2,
        ),
        "images": table("images.tsv", [{"live_nuclei": 4, "dead_nuclei": 1}, {"live_nuclei": 0, "dead_nuclei": 2}]),
    }
    found = tally_tables(files)
    assert {kind: dict(*[tally.numbers for tally in places.values()]) for kind, places in found.items()} == {
        "nuclei": {"rows": 2},
        "object_counts": {"found": 4, "kept": 2, "time_h": 1},
        "splits": {"train": 2, "validation": 1, "test": 1, "frames": 20, "learned": 15},
        "cards": {"frames": 10},
        "matches": {"rows": 3, "matched": 2, "missed": 1},
        "scores": {"nuclei": 12, "missed": 2, "spurious": 1},
        "tracks": {"linked": 3, "tracks": 2},
        "armless": {"of_no_arm": 3},
        "wells": {"images": 4, "counted": 16, "shared": 6, "excluded": 0},
        "images": {"rows": 2, "nuclei": 7},
    }
    assert found["nuclei"][FILM].source.endswith("f1.nuclei.tsv")
