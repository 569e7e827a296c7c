"""What a part of a JSON schema allows, in words a user understands."""

from collections.abc import Mapping

_KINDS = {
    "integer": "a whole number",
    "number": "a number",
    "string": "text",
    "boolean": "true or false",
    "object": "a section of keys",
}
_BOUNDS = {
    "exclusiveMinimum": "above",
    "minimum": "at least",
    "exclusiveMaximum": "below",
    "maximum": "at most",
}


def wanted(schema: Mapping) -> str:
    """Say what a part of a schema allows.

    Parameters
    ----------
    schema : mapping
        JSON schema of one setting.

    Returns
    -------
    str
        For example ``"a whole number at least 1 and at most 100"`` or ``"gated|never|always"``.
    """
    if "enum" in schema:
        return "|".join(str(value) for value in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(wanted(part) for part in schema["anyOf"])
    if schema.get("type") == "array":
        return _list(schema)
    if isinstance(schema.get("additionalProperties"), Mapping):
        return f"a section of keys of your own, each {wanted(schema['additionalProperties'])}"
    limits = [f"{word} {schema[key]}" for key, word in _BOUNDS.items() if key in schema]
    if "multipleOf" in schema:
        limits.append(f"a multiple of {schema['multipleOf']}")
    if "pattern" in schema:
        limits.append(f"of the form {schema['pattern']}")
    kinds = schema.get("type")
    kinds = [kinds] if isinstance(kinds, str) else kinds or []
    kind = next((_KINDS[name] for name in kinds if name in _KINDS), "another value")
    nothing = " or null" if "null" in kinds else ""
    return " ".join([kind, " and ".join(limits)]).strip() + nothing


def _list(schema: Mapping) -> str:
    items = wanted(schema.get("items", {}))
    least, most = schema.get("minItems"), schema.get("maxItems")
    number = f" of {least} entries" if least == most else f" of {least or 0} to {most or 'any number of'} entries"
    words = "a list" if least is None and most is None else f"a list{number}"
    different = ", all different" if schema.get("uniqueItems") else ""
    return f"{words}, each {items}{different}"
