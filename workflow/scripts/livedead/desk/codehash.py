"""Fingerprints of the library's code, so that an edited function re-runs the jobs it feeds."""

import ast
import hashlib
from functools import cache
from pathlib import Path

_LIBRARY = Path(__file__).resolve().parents[1]


def code_hash(*modules: str) -> str:
    """Fingerprint modules and, through all their imports, every module of the library they rest on.

    Comments, docstrings and the layout of the code do not count: editing them re-runs nothing.

    Parameters
    ----------
    *modules : str
        Names below the library's root, such as ``"cells.semantic"``.

    Returns
    -------
    str
        Sixteen hexadecimal digits.

    Raises
    ------
    ModuleNotFoundError
        A module, or one that it imports from the library, does not exist.
    """
    digest = hashlib.sha256()
    for name in sorted(modules_below(*modules)):
        digest.update(f"{name}\n{_code(name)[0]}\n".encode())
    return digest.hexdigest()[:16]


def modules_below(*modules: str) -> set[str]:
    """Name the modules of the library that the given ones are or import, directly or through others.

    Parameters
    ----------
    *modules : str
        Names below the library's root.

    Returns
    -------
    set of str
        Names below the library's root, the given ones included.

    Raises
    ------
    ModuleNotFoundError
        A module does not exist.
    """
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(_code(name)[1])
    return found


@cache
def _code(name: str) -> tuple[str, frozenset[str]]:
    path = _path(name)
    if path is None:
        raise ModuleNotFoundError(f"livedead.{name}: no such module in {_LIBRARY}")
    tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    # A package is what its __init__.py says, so a relative import in it starts one level deeper.
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    imports = frozenset(imported for node in ast.walk(tree) for imported in _imports(node, package))
    # unparse writes the same text under every Python version, which dump does not.
    return ast.unparse(_Bare().visit(tree)), imports


def _path(name: str) -> Path | None:
    plain = _LIBRARY.joinpath(*name.split("."))
    return next((p for p in (plain.with_suffix(".py"), plain / "__init__.py") if p.is_file()), None)


def _imports(node: ast.AST, package: list[str]) -> list[str]:
    """Name the modules of the library that an import statement loads."""
    if isinstance(node, ast.Import):
        parts = [_inside(alias.name.split(".")) for alias in node.names]
        return [".".join(inside) for inside in parts if inside]
    if not isinstance(node, ast.ImportFrom):
        return []
    words = node.module.split(".") if node.module else []
    base = package[: len(package) + 1 - node.level] + words if node.level else _inside(words)
    if base is None:
        return []
    names = [".".join([*base, alias.name]) for alias in node.names]
    # `from .room import module` loads modules; `from .module import function` loads the module itself.
    return [name for name in names if _path(name)] or ([".".join(base)] if base else [])


def _inside(words: list[str]) -> list[str] | None:
    """Cut an absolute module name down to the part below the library's root; None for other libraries."""
    for root in (["livedead"], ["workflow", "scripts", "livedead"]):
        if words[: len(root)] == root:
            return words[len(root) :]
    return None


class _Bare(ast.NodeTransformer):
    """Take out text that stands alone: docstrings of modules, classes, functions and constants."""

    def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:  # noqa: N802 - the name is ast's
        alone = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if alone else self.generic_visit(node)
