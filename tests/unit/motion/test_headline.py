from livedead.motion.headline import HEADLINE_COLUMNS, headline_rows

ARMS = [
    {"condition": "stained", "kept": 30, "eligible": 40},
    {"condition": "stained", "kept": 27, "eligible": 35},
    {"condition": "unstained", "kept": 34, "eligible": 50},
]
RUN = {"quantity": "area", "method": "pooled", "from_h": 2.0, "to_h": 7.0, "points": 11, "note": None}
NONE = {
    "quantity": "dry_mass",
    "method": "pooled",
    "from_h": None,
    "to_h": None,
    "points": 0,
    "note": "no significant time",
}


def test_numbers_of_cells_and_windows():
    rows = headline_rows(ARMS, [RUN, RUN | {"method": "holm", "from_h": 3.0}, NONE], "simulated")
    assert all(list(row) == HEADLINE_COLUMNS and row["data"] == "simulated" for row in rows)
    found = {row["quantity"]: row for row in rows}
    assert len(found) == len(rows)
    assert {name: row["value"] for name, row in found.items()} == {
        "n_stained": 57, "n_unstained": 34, "eligible_stained": 75, "eligible_unstained": 50,
        "area_from_h": 2.0, "area_to_h": 7.0, "area_points": 11,
        "dry_mass_from_h": None, "dry_mass_to_h": None, "dry_mass_points": 0,
    }  # fmt: skip
    assert found["dry_mass_from_h"]["note"] == "no significant time"
    assert (found["area_to_h"]["unit"], found["n_stained"]["unit"]) == ("h", "cells")
