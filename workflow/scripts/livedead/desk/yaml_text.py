"""YAML files: plain values only, every key once, and an error that names file and line."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from .errors import SettingsError

# Of a value written once and named often; the file of the project has about a thousand values.
_MOST_VALUES = 100_000
# Snakemake evaluates expressions in a file that says so.
_EVALUATED = "__use_yte__"


def read_yaml(path: str | os.PathLike) -> object:
    """Read a YAML file.

    Parameters
    ----------
    path : path
        Text in UTF-8.

    Returns
    -------
    object
        Sections, lists, texts, numbers, logical values and None; None for an empty file.

    Raises
    ------
    FileNotFoundError
        The file is not there.
    SettingsError
        It is no YAML, holds a value that is more than plain data, has a key twice, or many values that stand for
        many others.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
        loader = yaml.SafeLoader(text)
        root = loader.get_single_node()
        if root is None:
            return None
        mistakes = list(_mistakes(root))
        if mistakes:
            raise SettingsError("\n".join(f"{path}:{line}: {mistake}" for line, mistake in dict.fromkeys(mistakes)))
        return loader.construct_document(root)
    except FileNotFoundError:
        raise
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not a text file in UTF-8 ({error}); save it as one") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise SettingsError(_unreadable(path, error)) from None


def wrong_yaml(path: str | os.PathLike) -> str | None:
    """Say what is wrong with a file of settings as text; None where nothing is, or where there is no such file."""
    try:
        content = read_yaml(path)
    except FileNotFoundError:
        return None
    except SettingsError as error:
        return str(error)
    return None if isinstance(content, Mapping) else f"{path}: no settings in it (wanted sections and keys)"


def _unreadable(path: str | os.PathLike, error: Exception) -> str:
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None) or str(error)
    place = f"{path}:{mark.line + 1}" if mark else str(path)
    if isinstance(error, yaml.constructor.ConstructorError):
        return f"{place}: {problem} (wanted plain values; nothing in a file of settings is run as a program)"
    hint = "; indent with spaces, not with tabs" if "\\t" in problem else "; correct that line"
    return f"{place}: not readable as YAML ({' '.join(problem.split())}){hint}"


def _mistakes(root: yaml.Node) -> Iterator[tuple[int, str]]:
    """Lines with keys that stand twice, expressions, and values that grow without end, of a document not yet built."""
    sizes: dict[int, int] = {}
    open_nodes: set[int] = set()

    def size(node: yaml.Node) -> int:
        """Count the values below a node, those that are named again once more."""
        if id(node) in open_nodes:
            # It holds itself.
            return _MOST_VALUES + 1
        if id(node) not in sizes:
            open_nodes.add(id(node))
            children = node.value if isinstance(node, yaml.SequenceNode) else []
            if isinstance(node, yaml.MappingNode):
                children = [child for pair in node.value for child in pair]
            sizes[id(node)] = 1 + sum(map(size, children))
            open_nodes.discard(id(node))
        return sizes[id(node)]

    if size(root) > _MOST_VALUES:
        yield (
            root.start_mark.line + 1,
            f"names stand for over {_MOST_VALUES} values (wanted fewer; write them out)",
        )
        return
    yield from _doubles(root, [])


def _doubles(node: yaml.Node, path: list[str]) -> Iterator[tuple[int, str]]:
    if isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _doubles(child, path)
    if not isinstance(node, yaml.MappingNode):
        return
    lines: dict[str, int] = {}
    for key, child in node.value:
        name, line = str(key.value), key.start_mark.line + 1
        full = ".".join([*path, name])
        if name == _EVALUATED:
            yield line, f"{name} (wanted plain values; expressions in settings are not evaluated)"
        if name in lines and key.tag != "tag:yaml.org,2002:merge":
            yield line, f"{full} (wanted once; line {lines[name]} has it too)"
        lines.setdefault(name, line)
        yield from _doubles(child, [*path, name])
