"""What a figure is: its key in URLs, its name and definition, the words for its two sides, and what it counts."""

from collections.abc import Callable
from dataclasses import dataclass

from assist.services.queries.figures.facts import Counted


@dataclass(frozen=True)
class Figure:
    """A rate. `counts_times`: its rows are times (of a ticket or of a unit's task), and so is its list.

    `family`: figures of one family count among the same rows, so that all can be counted in one go: `build` of each
    takes `given`, the `Counted.given` of another.
    """

    key: str
    title: str
    definition: str
    met_words: str
    missed_words: str
    build: Callable[..., Counted]
    counts_times: bool = False
    family: str = ""
