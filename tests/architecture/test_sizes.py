"""Small rooms: what must be longer holds two things."""

import ast

from config import PROJECT
from tests.architecture.source import TEMPLATES, everything, functions, templates

FILE = 300
FUNCTION = 40
PAGE = 120
COMPONENT = 60
CREATE_APP_FILE = 80
TOO_GENERAL = {"utils", "util", "helpers", "helper", "misc", "common", "manager", "data", "info"}


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines a function does something in: without its signature and its docstring."""
    body = function.body
    if ast.get_docstring(function) is not None:
        body = body[1:]
    if not body:
        return 0
    return (body[-1].end_lineno or body[-1].lineno) - body[0].lineno + 1


def test_a_python_file_has_at_most_300_lines() -> None:
    long = {
        str(module.path.relative_to(PROJECT)): lines
        for module in everything()
        if (lines := len(module.text.splitlines())) > FILE
    }
    assert not long


def test_a_function_has_fewer_than_40_lines() -> None:
    long = [
        f"{module.at(function)} {function.name}: {lines}"
        for module in everything()
        for function in functions(module)
        if (lines := body_lines(function)) >= FUNCTION
    ]
    assert not long, "\n".join(long)


def test_create_app_stays_short() -> None:
    assert (
        len((PROJECT / "assist" / "__init__.py").read_text(encoding="utf-8").splitlines()) <= CREATE_APP_FILE
    )


def test_a_page_template_has_at_most_120_lines_and_a_component_60() -> None:
    long = {}
    for path in templates():
        lines = len(path.read_text(encoding="utf-8").splitlines())
        name = path.relative_to(TEMPLATES)
        if lines > (COMPONENT if name.parts[0] == "components" else PAGE):
            long[str(name)] = lines
    assert not long


def test_no_file_has_a_name_that_says_nothing() -> None:
    vague = [
        str(module.path.relative_to(PROJECT)) for module in everything() if module.path.stem in TOO_GENERAL
    ]
    assert not vague


def test_every_module_says_what_belongs_in_it() -> None:
    silent = [
        str(module.path.relative_to(PROJECT))
        for module in everything()
        if module.text.strip() and ast.get_docstring(module.tree) is None
    ]
    assert not silent
