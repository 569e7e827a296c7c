"""Parts of the schema in words."""

import pytest
from livedead.desk.wanted import wanted


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"enum": ["a", 1]}, "a|1"),
        ({"type": "integer", "minimum": 1, "maximum": 9}, "a whole number at least 1 and at most 9"),
        ({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}, "a number above 0 and below 1"),
        ({"type": "integer", "multipleOf": 32}, "a whole number a multiple of 32"),
        ({"type": "string", "pattern": "^a$"}, "text of the form ^a$"),
        ({"type": "boolean"}, "true or false"),
        ({"type": ["number", "null"], "minimum": 0}, "a number at least 0 or null"),
        ({"type": "object"}, "a section of keys"),
        (
            {"type": "object", "additionalProperties": {"enum": ["live", "dead"]}},
            "a section of keys of your own, each live|dead",
        ),
        ({"anyOf": [{"enum": ["auto"]}, {"type": "number"}]}, "auto or a number"),
        ({"type": "array", "items": {"type": "number"}}, "a list, each a number"),
        (
            {"type": "array", "minItems": 1, "maxItems": 5, "items": {"type": "number"}},
            "a list of 1 to 5 entries, each a number",
        ),
        (
            {"type": "array", "minItems": 2, "items": {"type": "number"}},
            "a list of 2 to any number of entries, each a number",
        ),
        (
            {"type": "array", "minItems": 4, "maxItems": 4, "items": {"type": "integer"}, "uniqueItems": True},
            "a list of 4 entries, each a whole number, all different",
        ),
    ],
)
def test_words(schema, words):
    assert wanted(schema) == words
