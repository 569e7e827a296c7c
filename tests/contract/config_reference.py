"""Write docs/config.md from the schema and the default settings: `python -m tests.contract.config_reference`."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml
from livedead.desk.wanted import wanted

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/config.md"

HEAD = """# Settings

Every key of `config.yaml`. This page is made from `workflow/schemas/config.schema.yaml` by `make docs`;
`make test` fails where the two differ. A key that is not listed here is an error.

Give other values in a file of your own that holds only the keys that differ,
`snakemake --cores 4 --configfile mine.yaml`, or for one cohort of the sheet under `cohorts`:

```yaml
cohorts:
  my-cohort:
    train: {epochs: 40}
```
"""


def render() -> str:
    """Text of docs/config.md."""
    schema = yaml.safe_load((ROOT / "workflow/schemas/config.schema.yaml").read_text(encoding="utf-8"))
    config = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    blocks = [HEAD, *_blocks("", schema, config)]
    return "\n".join(blocks).rstrip() + "\n"


def _blocks(name: str, schema: Mapping, config: Mapping) -> Iterator[str]:
    # A section has keys with names; what has keys of the user's own is a setting.
    sections = {k: part for k, part in schema["properties"].items() if "properties" in part or k == "cohorts"}
    rows = [_row(key, part, config.get(key)) for key, part in schema["properties"].items() if key not in sections]
    yield f"## {name or 'General'}\n\n{schema['description'] if name else 'Keys outside of any section.'}\n"
    if rows:
        yield "\n".join(["| key | default | allowed | meaning |", "|---|---|---|---|", *rows]) + "\n"
    for key, part in sections.items():
        if "properties" in part:
            yield from _blocks(f"{name}.{key}".lstrip("."), part, config.get(key, {}))
        else:
            yield f"## {key}\n\n{part['description']}\n"


def _row(key: str, part: Mapping, value: object) -> str:
    default = "" if value is None else f"`{str(value).lower() if isinstance(value, bool) else value}`"
    cells = (f"`{key}`", default, wanted(part).replace("|", ", "), part["description"])
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
