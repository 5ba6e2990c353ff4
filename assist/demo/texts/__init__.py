"""The written matter of the demo world: problems and their answers, phrases, names, units.

Here: the JSON beside this file, read into typed values, once. Not here: filling slots (`filling`), making
names (`names`), and what happens to a ticket in the demo world.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Reply:
    outcome: str
    text: str


@dataclass(frozen=True, slots=True)
class Template:
    """One problem and all that is said about it. `chains` and `months` empty: fits every one."""

    category: str
    title: str
    description: str
    wish: str
    type: str
    difficulty: str
    pressing: str | None
    chains: tuple[str, ...]
    months: tuple[int, ...]
    contact: str
    opinion: str
    progress: tuple[str, ...]
    internal: str
    answers: tuple[Reply, ...]
    account: str
    return_reason: str
    answer_2: Reply

    def answer_with(self, outcome: str) -> str | None:
        """The answer of that outcome, if this problem has one."""
        return next((each.text for each in self.answers if each.outcome == outcome), None)

    def suits(self, chain: str, month: int | None = None) -> bool:
        return (not self.chains or chain in self.chains) and (
            month is None or not self.months or month in self.months
        )


@dataclass(frozen=True, slots=True)
class Supplement:
    request: str
    supply: str


@dataclass(frozen=True, slots=True)
class Correction:
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Phrases:
    """What fits any problem. `confirm` by rating; `answers` by outcome, with {title} and {wish}, for a template
    that has none of that outcome."""

    openers: tuple[str, ...]
    closers: tuple[str, ...]
    supplements: tuple[Supplement, ...]
    comments: tuple[str, ...]
    owner_comments: tuple[str, ...]
    confirm: dict[str, tuple[str, ...]]
    answers: dict[str, tuple[str, ...]]
    answer_openings: tuple[str, ...]
    second_openings: tuple[str, ...]
    answer_closings: dict[str, tuple[str, ...]]
    corrections: tuple[Correction, ...]
    reopens: tuple[str, ...]
    difficulty_reasons: tuple[str, ...]
    category_reasons: tuple[str, ...]
    pressing: tuple[str, ...]
    withdraws: tuple[str, ...]
    nudges: tuple[str, ...]
    contact_denials: tuple[str, ...]
    thanks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitText:
    name: str
    aliases: tuple[str, ...]
    level: str
    area_code: str | None


@dataclass(frozen=True, slots=True)
class LeaderText:
    name: str
    title: str
    sort: int


@dataclass(frozen=True, slots=True)
class NameParts:
    surnames: tuple[str, ...]
    given: tuple[str, ...]
    brands: tuple[str, ...]
    trades: dict[str, tuple[str, ...]]
    officer_titles: tuple[str, ...]
    contact_titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slots:
    """What the braces may become: `lists` for every enterprise, `chains` by industry chain and slot."""

    lists: dict[str, tuple[str, ...]]
    chains: dict[str, dict[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Texts:
    templates: dict[str, tuple[Template, ...]]
    phrases: Phrases
    names: NameParts
    units: tuple[UnitText, ...]
    leaders: tuple[LeaderText, ...]
    slots: Slots

    def choose(self, category: str, rng: Random, chain: str, month: int | None = None) -> Template:
        """A template of this leaf category that suits the chain and the month of asking."""
        return rng.choice([each for each in self.templates[category] if each.suits(chain, month)])


def _read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def _template(category: str, row: dict[str, Any]) -> Template:
    lists = {key: tuple(row[key]) for key in ("chains", "months", "progress")}
    answers = tuple(Reply(**each) for each in row["answers"])
    return Template(**{**row, **lists, "category": category, "answers": answers,
                       "answer_2": Reply(**row["answer_2"])})  # fmt: skip


def _templates() -> dict[str, tuple[Template, ...]]:
    found: dict[str, tuple[Template, ...]] = {}
    for path in sorted((FOLDER / "categories").glob("*.json")):
        for category, rows in json.loads(path.read_text(encoding="utf-8"))["templates"].items():
            found[category] = tuple(_template(category, row) for row in rows)
    return found


def _tuples(lists: dict[str, list[Any]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(str(each) for each in values) for key, values in lists.items()}


def _phrases() -> Phrases:
    row = _read("phrases.json")
    supplements = tuple(Supplement(**each) for each in row.pop("supplements"))
    corrections = tuple(Correction(**each) for each in row.pop("corrections"))
    confirm, answers, closings = (_tuples(row.pop(key)) for key in ("confirm", "answers", "answer_closings"))
    return Phrases(
        supplements=supplements,
        corrections=corrections,
        confirm=confirm,
        answers=answers,
        answer_closings=closings,
        **_tuples(row),
    )


@cache
def load() -> Texts:
    names, slots = _read("names.json"), _read("slots.json")
    leaders, trades = names.pop("leaders"), _tuples(names.pop("trades"))
    chains = {chain: _tuples(lists) for chain, lists in slots.pop("chains").items()}
    units = [UnitText(**{**row, "aliases": tuple(row["aliases"])}) for row in _read("units.json")]
    return Texts(
        templates=_templates(),
        phrases=_phrases(),
        names=NameParts(trades=trades, **_tuples(names)),
        units=tuple(units),
        leaders=tuple(LeaderText(**row) for row in leaders),
        slots=Slots(lists=_tuples(slots), chains=chains),
    )
