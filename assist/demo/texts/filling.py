"""Turning a template into one enterprise's own words: slots in braces, choices in square brackets.

All texts of a template share one draw of the slots, so an answer names the amount that was asked about.
"""

import re
from dataclasses import replace
from datetime import date
from random import Random

from assist.demo.texts import Reply, Template, load

LONGEST_DESCRIPTION = 220
OPENER_CHANCE = 0.35
CLOSER_CHANCE = 0.45
ANSWER_CLOSING_CHANCE = 0.7

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{([a-z0-9_]+)\}")
# A text that already asks for something needs no second request behind it.
_ALREADY_ASKS = re.compile(r"[？吗]|请|帮|建议|希望|想问|想弄清|盼")
_LISTS = {"bank": "banks", "street": "streets", "park": "parks", "town": "towns"}


def draw_slots(
    rng: Random, enterprise_name: str, industry: str, asked_on: date | None = None
) -> dict[str, str]:
    """`month` is one to three months before the asking, `month2` one to three after it."""
    slots = load().slots
    month = asked_on.month if asked_on else rng.randint(4, 9)
    drawn = {
        "enterprise": enterprise_name,
        "few": str(rng.randint(3, 8)),
        "count": str(rng.randint(12, 80)),
        "days": str(rng.randint(8, 45)),
        "km": str(rng.randint(6, 35)),
        "month": _month_name(month - rng.randint(1, 3)),
        "month2": _month_name(month + rng.randint(1, 3)),
    }
    for slot in ("amount", "small", "large", "area", "kva"):
        drawn[slot] = rng.choice(slots.lists[slot])
    for slot, listed in _LISTS.items():
        drawn[slot] = rng.choice(slots.lists[listed])
    for slot, choices in slots.chains[industry].items():
        drawn[slot] = rng.choice(choices)
    return drawn


def _month_name(month: int) -> str:
    if month < 1:
        return f"去年{month + 12}月"
    return f"明年{month - 12}月" if month > 12 else f"{month}月"


def fill_text(text: str, rng: Random, slots: dict[str, str]) -> str:
    chosen = _CHOICE.sub(lambda found: rng.choice(found[1].split("|")), text)
    return _SLOT.sub(lambda found: slots[found[1]], chosen)


def fill(
    template: Template, rng: Random, enterprise_name: str, industry: str, asked_on: date | None = None
) -> Template:
    """The same template with nothing left to choose. Unknown slots raise KeyError."""
    slots = draw_slots(rng, enterprise_name, industry, asked_on)

    slots |= {"title": fill_text(template.title, rng, slots), "wish": fill_text(template.wish, rng, slots)}

    def put(text: str) -> str:
        return fill_text(text, rng, slots)

    phrases = load().phrases
    return replace(
        template,
        title=slots["title"],
        description=_spoken(put(template.description), rng),
        wish=slots["wish"],
        pressing=put(template.pressing) if template.pressing else None,
        contact=put(template.contact),
        opinion=put(template.opinion),
        progress=tuple(put(each) for each in template.progress),
        internal=put(template.internal),
        answers=tuple(_reply(each, phrases.answer_openings, rng, slots) for each in template.answers),
        account=put(template.account),
        return_reason=put(template.return_reason),
        answer_2=_reply(template.answer_2, phrases.second_openings, rng, slots),
    )


def fallback_answer(outcome: str, filled: Template, rng: Random) -> str:
    """What can be answered with this outcome to a problem that has no such answer of its own."""
    texts = load().phrases.answers[outcome]
    return fill_text(rng.choice(texts), rng, {"title": filled.title, "wish": filled.wish})


def _reply(reply: Reply, openings: tuple[str, ...], rng: Random, slots: dict[str, str]) -> Reply:
    closing = rng.choice(load().phrases.answer_closings[reply.outcome])
    if rng.random() > ANSWER_CLOSING_CHANCE:
        closing = ""
    return Reply(reply.outcome, fill_text(rng.choice(openings) + reply.text + closing, rng, slots))


def _spoken(description: str, rng: Random) -> str:
    """People greet, or not; ask once more at the end, or not."""
    phrases = load().phrases
    opener, closer = rng.choice(phrases.openers), rng.choice(phrases.closers)
    if rng.random() > OPENER_CHANCE:
        opener = ""
    if rng.random() > CLOSER_CHANCE or _ALREADY_ASKS.search(description[-60:]):
        closer = ""
    spoken = opener + description + closer
    return spoken if len(spoken) <= LONGEST_DESCRIPTION else description
