"""The programme's own source as trees, for the tests of its rules. Not here: any rule."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from config import PROJECT

ROOTS = ("assist", "bench", "tests", "migrations")
TEMPLATES = PROJECT / "templates"


@dataclass(frozen=True)
class Module:
    """One Python file. `name` is its dotted name, e.g. assist.services.work."""

    path: Path
    name: str
    text: str
    tree: ast.Module

    @property
    def place(self) -> str:
        """The package directly under assist: services, web, …; the module's own name where there is none."""
        parts = self.name.split(".")
        return parts[1] if len(parts) > 1 else parts[0]

    def at(self, node: ast.AST) -> str:
        """Where a node stands, as an editor opens it."""
        return f"{self.path.relative_to(PROJECT)}:{getattr(node, 'lineno', 1)}"


def _module(path: Path) -> Module:
    parts = path.relative_to(PROJECT).with_suffix("").parts
    text = path.read_text(encoding="utf-8")
    name = ".".join(part for part in parts if part != "__init__")
    return Module(path, name, text, ast.parse(text))


@cache
def modules(under: str = "assist") -> tuple[Module, ...]:
    """Every module under a folder of the project, migrations' versions left out."""
    return tuple(
        _module(path) for path in sorted((PROJECT / under).rglob("*.py")) if "versions" not in path.parts
    )


@cache
def everything() -> tuple[Module, ...]:
    single = tuple(_module(PROJECT / name) for name in ("config.py", "wsgi.py"))
    return single + tuple(module for root in ROOTS for module in modules(root))


def imports(module: Module) -> Iterator[tuple[str, ast.AST]]:
    """What a module imports, wherever in it: for `from a import b` both a and a.b, as b may be a module."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module, node
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def calls(module: Module) -> Iterator[ast.Call]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            yield node


def dotted(node: ast.AST) -> str:
    """`a.b.c` of a name or attribute; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


@cache
def templates() -> tuple[Path, ...]:
    return tuple(sorted(path for path in TEMPLATES.rglob("*") if path.is_file() and path.suffix != ".docx"))
