"""The settings: checked against the schema as a whole, and looked up for a cohort."""

import difflib
import math
import os
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from pathlib import Path

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from .errors import SettingsError
from .wanted import wanted
from .yaml_text import read_yaml

# How close a misspelt key must be to a key of another section to be taken for it.
_CLOSENESS = 0.7

# What a file does not say; a key without a value says None.
_ABSENT = object()
# Sections that hold other values of settings, for a cohort or for films of one kind.
_OVERRIDES = {"cohorts", "conditions", "confluences"}


def check_settings(
    config: Mapping, schema: Mapping | str | os.PathLike, files: Iterable[str | os.PathLike] = ()
) -> None:
    """Check a configuration against its schema.

    Parameters
    ----------
    config : mapping
        All settings, as Snakemake merged them.
    schema : mapping or path
        JSON schema, or the YAML file that holds it. Besides JSON schema's words it may say ``order`` of a
        list (``ascending``, ``not descending`` or ``permutation``: 0, 1, 2, ... each once), and of a section
        ``less`` (two keys, the smaller first) and ``as_many`` (two keys whose lists are of one length).
    files : iterable of path
        Configuration files in the order they were merged; an error names the last one that has its key.

    Raises
    ------
    SettingsError
        With every error, one per line, as ``file: key = value (wanted ...)``.
    """
    if not isinstance(schema, Mapping):
        schema = read_yaml(schema)
    sources = [(str(file), _content(file)) for file in files]
    errors = [
        line
        for error in _VALIDATOR(schema).iter_errors(config)
        # Overrides say only what differs.
        if not (error.validator == "required" and _OVERRIDES & set(error.absolute_path))
        for line in _lines(error, schema, sources)
    ]
    errors = errors or list(_override_errors(config, schema, sources))
    if errors:
        raise SettingsError("\n".join(dict.fromkeys(errors)))


def check_cohorts(config: Mapping, cohorts: Iterable[str], files: Iterable[str | os.PathLike]) -> None:
    """Check that settings of single cohorts are those of cohorts of the sheet.

    Parameters
    ----------
    config : mapping
        All settings.
    cohorts : iterable of str
        Cohorts of the sheet.
    files : iterable of path
        Configuration files in the order they were merged. The first one and those in a folder `presets`
        are the project's own: their cohorts may belong to another sheet, so there only what looks like a misspelt
        cohort is an error.

    Raises
    ------
    SettingsError
        With every such cohort, one per line.
    """
    cohorts = list(cohorts)
    sources = [(str(file), _content(file)) for file in files]
    errors = []
    for name in (name for name in config.get("cohorts", {}) if name not in cohorts):
        file = _source(sources, ["cohorts", name], config["cohorts"][name])
        near = difflib.get_close_matches(name, [c for c in cohorts if c not in config["cohorts"]], 1)
        if near or (file != sources[0][0] and Path(file).parent.name != "presets"):
            hint = f"did you mean {near[0]}?" if near else f"wanted one of {', '.join(cohorts)}"
            errors.append(f"{file}: cohorts.{name} (no such cohort in the sheet; {hint})")
    if errors:
        raise SettingsError("\n".join(errors))


def settings_for(
    config: Mapping, section: str, cohort: str | None, *, condition: str | None = None, confluence: str | None = None
) -> dict:
    """Look up the settings of a section as they hold for a cohort, or for some of its films.

    Parameters
    ----------
    config : mapping
        All settings.
    section : str
        Name of a section, such as ``"train"``.
    cohort : str or None
        Name of a cohort; what ``cohorts: <cohort>: <section>:`` says stands above the section itself.
    condition, confluence : str, optional
        Columns of the sheet; what the section's ``conditions: <condition>:`` says stands above the rest, and
        what ``confluences: <confluence>:`` says above that.

    Returns
    -------
    dict
        Plain settings, a copy, without ``conditions`` and ``confluences``.

    Raises
    ------
    SettingsError
        There is no such section.
    """
    if section not in config:
        raise SettingsError(f"config: no section {section} (wanted one of {', '.join(config)})")
    own = config.get("cohorts", {}).get(cohort, {}).get(section, {})
    merged = overridden(config[section], own)
    special = {"conditions": condition, "confluences": confluence}
    for overrides in [merged.pop(kind, {}).get(name, {}) for kind, name in special.items()]:
        merged = overridden(merged, overrides)
    return merged


def overridden(base: Mapping, own: Mapping) -> dict:
    """Replace some settings, key by key in sections; gives a copy."""
    merged = deepcopy(dict(base))
    for key, value in own.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = overridden(merged[key], value) if both else deepcopy(value)
    return merged


def _content(file: str | os.PathLike) -> object:
    try:
        return read_yaml(file)
    except FileNotFoundError:
        return None


def _finite(_: object, value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _property_names(validator: object, names: Mapping, section: object, __: object) -> Iterator[ValidationError]:
    for key in section if isinstance(section, Mapping) else ():
        errors = list(validator.descend(key, names))
        yield from errors
        # A pattern says nothing about what is no text; YAML takes 20240311 for a number, no for false.
        if not errors and not isinstance(key, str):
            yield ValidationError("no text", path=[key])


def _order(_: object, order: str, values: object, __: object) -> Iterator[ValidationError]:
    if isinstance(values, list) and all(_finite(None, value) for value in values):
        if order == "permutation":
            if sorted(values) != list(range(len(values))):
                yield ValidationError("no permutation")
            return
        pairs = zip(values, values[1:], strict=False)
        if any(b < a or (b == a and order == "ascending") for a, b in pairs):
            yield ValidationError(f"not {order}")


def _less(_: object, keys: list[str], section: object, __: object) -> Iterator[ValidationError]:
    small, large = (section.get(key) if isinstance(section, Mapping) else None for key in keys)
    if _finite(None, small) and _finite(None, large) and small >= large:
        yield ValidationError("not less", path=[keys[0]])


def _as_many(_: object, keys: list[str], section: object, __: object) -> Iterator[ValidationError]:
    lists = [section.get(key) if isinstance(section, Mapping) else None for key in keys]
    if all(isinstance(values, list) for values in lists) and len({len(values) for values in lists}) > 1:
        yield ValidationError("not as many", path=[keys[1]])


_VALIDATOR = extend(
    Draft202012Validator,
    {"propertyNames": _property_names, "order": _order, "less": _less, "as_many": _as_many},
    # YAML's .nan and .inf are no settings.
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("number", _finite),
)


def _override_errors(config: Mapping, schema: Mapping, sources: list[tuple[str, object]]) -> Iterator[str]:
    """Compare overriding keys with those that stay as they are."""
    validator = _VALIDATOR(schema)
    places = [(None, section) for section in config if isinstance(config[section], Mapping) and section != "cohorts"]
    places += [(cohort, section) for cohort, sections in config.get("cohorts", {}).items() for section in sections]
    for cohort, section in places:
        own = config if cohort is None else config["cohorts"][cohort]
        path = [section] if cohort is None else ["cohorts", cohort, section]
        variants = [([], {})]
        for kind, column in {"conditions": "condition", "confluences": "confluence"}.items():
            variants += [([kind, name], {column: name}) for name in own[section].get(kind, {})]
        for inner, film in variants:
            merged = settings_for(config, section, cohort, **film)
            for error in validator.evolve(schema=schema["properties"][section]).iter_errors(merged):
                error.path.extendleft(reversed([*path, *inner]))
                yield from _lines(error, schema, sources)


def _lines(error: ValidationError, schema: Mapping, sources: list[tuple[str, object]]) -> list[str]:
    path = [str(part) for part in error.absolute_path]
    value = error.instance
    if error.validator == "additionalProperties":
        known = list(error.schema.get("properties", {}))
        unknown = {str(key): found for key, found in value.items() if key not in known}
        return [_line(sources, [*path, key], unknown[key], _hint(key, known, schema)) for key in unknown]
    if error.validator == "required":
        parts = {key: error.schema["properties"].get(key, {}) for key in error.validator_value}
        return [
            _line(sources, [*path, key], None, f"wanted {wanted(part)}")
            for key, part in parts.items()
            if key not in value
        ]
    if error.validator == "propertyNames":
        return [_line(sources, path, value[error.path[-1]], "wanted text as a name; put the name in quotes")]
    if error.validator == "less":
        small, large = error.validator_value
        return [_line(sources, path, value[small], f"wanted less than {large} = {value[large]}")]
    if error.validator == "as_many":
        first, second = error.validator_value
        return [_line(sources, path, value[second], f"wanted {len(value[first])} entries, as many as {first}")]
    if error.validator == "order" and error.validator_value == "permutation":
        return [_line(sources, path, value, f"wanted every number from 0 to {len(value) - 1} once")]
    if error.validator == "order":
        return [_line(sources, path, value, f"wanted numbers in {error.validator_value} order")]
    near = []
    if error.validator == "enum":
        near = difflib.get_close_matches(str(value), [str(v) for v in error.validator_value], 1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return [_line(sources, path, value, f"wanted {wanted(error.schema)}{hint}")]


def _line(sources: list[tuple[str, object]], path: list[str], value: object, hint: str) -> str:
    found = "nothing" if value is None else _short(value)
    return f"{_source(sources, path, value)}: {'.'.join(path) or 'settings'} = {found} ({hint})"


def _source(sources: list[tuple[str, object]], path: list[str], value: object) -> str:
    """Name the last file that says so; a value that no file holds was given on the command line."""
    holders = [(file, found) for file, content in sources if (found := _at(content, path)) is not _ABSENT]
    for file, found in reversed(holders):
        # Sections of several files are merged, so they need not be equal.
        if found == value or isinstance(found, Mapping) or (found != found and value != value):  # .nan
            return file
    if value is None and sources:
        return sources[0][0]
    return "--config" if sources else "config"


def _at(content: object, path: list[str]) -> object:
    for part in path:
        if isinstance(content, Mapping):
            content = {str(key): value for key, value in content.items()}.get(part, _ABSENT)
        elif isinstance(content, list) and part.isdigit() and int(part) < len(content):
            content = content[int(part)]
        else:
            return _ABSENT
    return content


def _short(value: object) -> str:
    text = "a section" if isinstance(value, Mapping) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _hint(key: str, known: list[str], schema: Mapping) -> str:
    near = difflib.get_close_matches(key, known, 1)
    if near:
        return f"unknown key; did you mean {near[0]}?"
    everywhere = _all_keys(schema)
    elsewhere = difflib.get_close_matches(key, everywhere, 1, _CLOSENESS)
    if elsewhere:
        return f"unknown key; did you mean {everywhere[elsewhere[0]]}?"
    return f"unknown key; wanted one of {', '.join(known)}"


def _all_keys(schema: Mapping) -> dict[str, str]:
    """Give every key of the schema with its full name; the upper one where two are called the same."""
    keys: dict[str, str] = {}
    for section, content in schema.get("properties", {}).items():
        keys.setdefault(section, section)
        for key, full in _all_keys(content).items():
            keys.setdefault(key, f"{section}.{full}")
    return keys
