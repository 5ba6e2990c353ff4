"""Arrows point down: web, jobs, cli → services → models → domain; never up, never sideways between entrances."""

import pytest

from tests.architecture.source import imports, modules

MAY_IMPORT = {
    "domain": {"domain"},
    "models": {"models", "domain"},
    "services": {"services", "models", "domain"},
    "channels": {"channels", "domain"},
    "documents": {"documents", "domain"},
    "forms": {"forms", "domain"},
    "extensions": {"models"},
    "startup": {"extensions", "models", "domain"},
    "demo": {"demo", "services", "models", "domain", "extensions"},
    "jobs": {"jobs", "channels", "services", "models", "domain", "extensions"},
    "web": {"web", "forms", "documents", "channels", "services", "models", "domain", "extensions"},
    # The commands stand in front of the scheduler and of the demo world: they start them.
    "cli": {"cli", "jobs", "demo", "channels", "documents", "services", "models", "domain", "extensions"},
    "assist": {"cli", "web", "extensions", "models", "domain"},
}
FRAMEWORKS = (
    "flask",
    "flask_login",
    "flask_migrate",
    "flask_sqlalchemy",
    "flask_wtf",
    "wtforms",
    "werkzeug",
    "click",
)
FORBIDDEN = {
    "domain": (*FRAMEWORKS, "sqlalchemy", "alembic", "apscheduler", "jinja2"),
    "models": (*FRAMEWORKS, "apscheduler", "jinja2"),
    "services": (*FRAMEWORKS, "apscheduler"),
    "channels": (*FRAMEWORKS, "sqlalchemy", "apscheduler"),
    "documents": ("flask_sqlalchemy", "sqlalchemy", "apscheduler"),
    "forms": ("sqlalchemy", "flask_sqlalchemy", "apscheduler"),
    "web": ("apscheduler",),
    "jobs": ("wtforms", "flask_wtf", "flask_login"),
}


def test_every_package_has_its_place_in_the_order() -> None:
    assert {module.place for module in modules()} <= set(MAY_IMPORT)


@pytest.mark.parametrize("place", sorted(MAY_IMPORT))
def test_a_place_imports_only_what_lies_below_it(place: str) -> None:
    wrong = []
    for module in modules():
        if module.place != place:
            continue
        for name, node in imports(module):
            parts = name.split(".")
            if (
                parts[0] == "assist"
                and len(parts) > 1
                and parts[1] in MAY_IMPORT
                and parts[1] not in MAY_IMPORT[place]
            ):
                wrong.append(f"{module.at(node)} imports {name}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("place", sorted(FORBIDDEN))
def test_a_place_knows_nothing_of_the_frameworks_above_it(place: str) -> None:
    wrong = [
        f"{module.at(node)} imports {name}"
        for module in modules()
        if module.place == place
        for name, node in imports(module)
        if name.split(".")[0] in FORBIDDEN[place]
    ]
    assert not wrong, "\n".join(wrong)


def test_the_product_does_not_lean_on_its_tests_or_measurements() -> None:
    wrong = [
        f"{module.at(node)} imports {name}"
        for module in modules()
        for name, node in imports(module)
        if name.split(".")[0] in ("tests", "bench", "pytest", "hypothesis")
    ]
    assert not wrong, "\n".join(wrong)
