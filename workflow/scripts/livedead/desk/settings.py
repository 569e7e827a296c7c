"""The settings: checked against the schema as a whole, and looked up for a cohort."""

import difflib
import os
from collections.abc import Iterable, Mapping
from copy import deepcopy
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from .errors import SettingsError

# How deep a misspelt key is looked for among the keys of other sections.
_CLOSENESS = 0.7


def check_settings(
    config: Mapping,
    schema: Mapping | str | os.PathLike,
    files: Iterable[str | os.PathLike] = ("config.yaml",),
) -> None:
    """Check a configuration against its schema.

    Parameters
    ----------
    config : mapping
        All settings, as Snakemake merged them.
    schema : mapping or path
        JSON schema, or the YAML file that holds it.
    files : iterable of path
        Configuration files in the order they were merged; an error names the last one that has its key.

    Raises
    ------
    SettingsError
        With every error, one per line, as ``file: key = value (wanted ...)``.
    """
    if not isinstance(schema, Mapping):
        schema = yaml.safe_load(Path(schema).read_text(encoding="utf-8"))
    sources = [(str(file), _content(file)) for file in files]
    found = Draft202012Validator(schema).iter_errors(config)
    errors = [line for error in found for line in _lines(error, schema, sources)]
    if errors:
        raise SettingsError("\n".join(dict.fromkeys(errors)))


def settings_for(config: Mapping, section: str, cohort: str) -> dict:
    """Look up the settings of a section as they hold for a cohort.

    Parameters
    ----------
    config : mapping
        All settings.
    section : str
        Name of a section, such as ``"train"``.
    cohort : str
        Name of a cohort; what ``cohorts: <cohort>: <section>:`` says stands above the section itself.

    Returns
    -------
    dict
        Plain settings, a copy.

    Raises
    ------
    SettingsError
        There is no such section.
    """
    if section not in config:
        raise SettingsError(f"config: no section {section} (wanted one of {', '.join(config)})")
    own = ((config.get("cohorts") or {}).get(cohort) or {}).get(section) or {}
    return _merged(config[section], own)


def _merged(base: Mapping, own: Mapping) -> dict:
    merged = deepcopy(dict(base))
    for key, value in own.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = _merged(merged[key], value) if both else deepcopy(value)
    return merged


def _content(file: str | os.PathLike) -> object:
    try:
        return yaml.safe_load(Path(file).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def _lines(error: ValidationError, schema: Mapping, sources: list[tuple[str, object]]) -> list[str]:
    path = [str(part) for part in error.absolute_path]
    if error.validator == "additionalProperties":
        known = list(error.schema.get("properties", {}))
        unknown = [key for key in error.instance if key not in known]
        return [
            _line(sources, [*path, str(key)], error.instance[key], _hint(str(key), known, schema))
            for key in unknown
        ]
    if error.validator == "required":
        return [
            _line(sources, [*path, key], None, f"wanted {_wanted(error.schema['properties'].get(key, {}))}")
            for key in error.validator_value
            if key not in error.instance
        ]
    wanted = _wanted(error.schema)
    if error.validator == "enum":
        near = difflib.get_close_matches(str(error.instance), [str(v) for v in error.validator_value], 1)
        wanted += f"; did you mean {near[0]}?" if near else ""
    return [_line(sources, path, error.instance, f"wanted {wanted}")]


def _line(sources: list[tuple[str, object]], path: list[str], value: object, wanted: str) -> str:
    found = "missing" if value is None else _short(value)
    return f"{_source(sources, path)}: {'.'.join(path) or 'settings'} = {found} ({wanted})"


def _source(sources: list[tuple[str, object]], path: list[str]) -> str:
    """Name the last file that holds the key, or else the first file; --config holds what no file does."""
    for file, content in reversed(sources):
        for part in path:
            content = content.get(part) if isinstance(content, Mapping) else content
            if content is None:
                break
        else:
            return file
    return sources[0][0] if sources else "config"


def _short(value: object) -> str:
    text = (
        "a section" if isinstance(value, Mapping) else repr(value) if isinstance(value, str) else str(value)
    )
    return text if len(text) <= 60 else text[:57] + "..."


def _hint(key: str, known: list[str], schema: Mapping) -> str:
    near = difflib.get_close_matches(key, known, 1)
    if near:
        return f"unknown key; did you mean {near[0]}?"
    elsewhere = difflib.get_close_matches(key, _all_keys(schema), 1, _CLOSENESS)
    if elsewhere:
        return f"unknown key; did you mean {_all_keys(schema)[elsewhere[0]]}?"
    return f"unknown key; wanted one of {', '.join(known)}"


def _all_keys(schema: Mapping) -> dict[str, str]:
    """Give every key of the schema below its sections, with its full name."""
    keys = {}
    for section, content in schema.get("properties", {}).items():
        if section != "cohorts" and isinstance(content, Mapping):
            for key, full in _all_keys(content).items():
                keys.setdefault(key, f"{section}.{full}")
            keys.setdefault(section, section)
    return keys


def _wanted(schema: Mapping) -> str:
    """Say in words what a part of the schema allows."""
    if "enum" in schema:
        return "|".join(str(value) for value in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(_wanted(part) for part in schema["anyOf"])
    kind = schema.get("type", "another value")
    words = {
        "integer": "a whole number",
        "number": "a number",
        "string": "text",
        "boolean": "true or false",
        "object": "a section of keys",
    }.get(kind, str(kind))
    if kind == "array":
        length = schema.get("minItems")
        items = _wanted(schema.get("items", {}))
        words = f"a list of {length} entries, each {items}" if length else f"a list, each entry {items}"
        words += ", all different" if schema.get("uniqueItems") else ""
    bounds = [
        f"{word} {schema[key]}"
        for key, word in (
            ("exclusiveMinimum", "above"),
            ("minimum", "at least"),
            ("exclusiveMaximum", "below"),
            ("maximum", "at most"),
        )
        if key in schema
    ]
    pattern = [f"of the form {schema['pattern']}"] if "pattern" in schema else []
    return " ".join([words, " and ".join(bounds + pattern)]).strip()
