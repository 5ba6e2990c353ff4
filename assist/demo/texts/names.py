"""Made-up people and enterprises. No real company and no real person is meant.

Hand in `taken` to get a name that is not in it yet; the new name is added.
"""

from collections.abc import Callable
from random import Random

from assist.demo.texts import load

_TRIES = 10_000


def person_name(rng: Random, taken: set[str] | None = None) -> str:
    parts = load().names
    return _new(lambda: rng.choice(parts.surnames) + rng.choice(parts.given), taken)


def enterprise_name(rng: Random, chain: str, taken: set[str] | None = None) -> str:
    parts = load().names
    return _new(lambda: f"聊城{rng.choice(parts.brands)}{rng.choice(parts.trades[chain])}有限公司", taken)


def _new(make: Callable[[], str], taken: set[str] | None) -> str:
    if taken is None:
        return make()
    for _ in range(_TRIES):
        name = make()
        if name not in taken:
            taken.add(name)
            return name
    raise ValueError("名字已用尽，请增加备选字")
