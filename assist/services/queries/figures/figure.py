"""What a figure is: its key in URLs, its name and definition, the words for its two sides, and what it counts."""

from collections.abc import Callable
from dataclasses import dataclass

from assist.domain.rates import Period
from assist.services.queries.figures.facts import AsOf, Counted


@dataclass(frozen=True)
class Figure:
    """A rate. `counts_tasks`: its rows are a unit's times, so that its list is one of tasks and not of tickets."""

    key: str
    title: str
    definition: str
    met_words: str
    missed_words: str
    build: Callable[[Period, AsOf], Counted]
    counts_tasks: bool = False
