"""What a figure is: its key in URLs, its name and definition, the words for its two sides, and what it counts."""

from collections.abc import Callable
from dataclasses import dataclass

from assist.domain.rates import Period
from assist.services.queries.figures.facts import AsOf, Counted


@dataclass(frozen=True)
class Figure:
    """A rate. `counts_times`: its rows are times (of a ticket or of a unit's task), and so is its list."""

    key: str
    title: str
    definition: str
    met_words: str
    missed_words: str
    build: Callable[[Period, AsOf], Counted]
    counts_times: bool = False
