"""Templates: every one is used and every one that is named exists; no inline script or style; components stay plain."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import meta

from assist import create_app
from tests.architecture.source import TEMPLATES, modules, templates

INLINE = {
    "a script in the page": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=[\"']application/json)", re.IGNORECASE
    ),
    "a style in the page": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "an event handler in the page": re.compile(r"\s(?:on[a-z]+|hx-on[:a-z-]*)\s*=\s*[\"']", re.IGNORECASE),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
}
COMMENT = re.compile(r"{#.*?#}", re.DOTALL)
NAMES = re.compile(r"^[a-z0-9_/-]+\.(?:html|txt)$")


@pytest.fixture(scope="module")
def included() -> dict[str, set[str]]:
    """By template, the templates it extends, includes or imports."""
    environment = create_app({}, {"TESTING": True}).jinja_env
    return {
        name(path): {
            found for found in meta.find_referenced_templates(environment.parse(text(path))) if found
        }
        for path in templates()
    }


def name(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def named_in_python() -> Iterator[re.Pattern[str]]:
    """Template names in the source; an f-string stands for every name that fits it."""
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAMES.match(node.value):
                yield re.compile(re.escape(node.value))
            elif isinstance(node, ast.JoinedStr):
                parts = [
                    re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[^/]+"
                    for part in node.values
                ]
                if parts[-1].endswith((re.escape(".html"), re.escape(".txt"))):
                    yield re.compile("".join(parts))


def test_every_template_is_used(included: dict[str, set[str]]) -> None:
    patterns = list(named_in_python())
    used = {found for others in included.values() for found in others}
    unused = [
        found for found in included if found not in used and not any(one.fullmatch(found) for one in patterns)
    ]
    assert not unused


def test_every_template_that_is_named_exists(included: dict[str, set[str]]) -> None:
    missing = {found for others in included.values() for found in others} - set(included)
    assert not missing
    absent = [
        pattern.pattern
        for pattern in named_in_python()
        if not any(pattern.fullmatch(found) for found in included)
    ]
    assert not absent


def test_no_page_carries_script_or_style_of_its_own() -> None:
    wrong = [
        f"{name(path)}: {what}"
        for path in templates()
        for what, pattern in INLINE.items()
        if pattern.search(COMMENT.sub("", text(path)))
    ]
    assert not wrong, "\n".join(wrong)


def test_a_component_takes_plain_values() -> None:
    wrong = [
        name(path)
        for path in templates()
        if name(path).startswith("components/")
        and re.search(r"\b(current_user|request\.|session\[|g\.)", COMMENT.sub("", text(path)))
    ]
    assert not wrong
