"""How big the demo world is, from when until when, and what is uneven in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

YEARS = timedelta(days=730)
PREPARATION = timedelta(days=5)

# Enterprises of 200 by area, in the city's usual order of areas; smaller worlds take their share.
AREA_SHARES = (32, 26, 24, 16, 16, 18, 12, 18, 18, 14, 6)


@dataclass(frozen=True)
class Plan:
    """The same plan gives the same world. `until` is the instant at which the world stands still,
    `span` how long it has lived."""

    until: datetime
    enterprises: int = 200
    tickets: int = 2000
    seed: int = 1
    span: timedelta = YEARS

    @property
    def start(self) -> datetime:
        """When the first ticket may come."""
        return self.until - self.span

    @property
    def founded(self) -> datetime:
        """When the roster was put in."""
        return self.start - PREPARATION


def apportion(total: int, shares: tuple[int, ...]) -> list[int]:
    """`total` split by shares, by the largest remainders, so that it adds up."""
    whole = sum(shares)
    counts = [total * share // whole for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda place: -(total * shares[place] % whole))
    for place in by_remainder[: total - sum(counts)]:
        counts[place] += 1
    return counts
