"""The catalogue: every figure by name. Rules: design 4, "Rates".

A new figure is a row in the room it belongs to (`in_time`, `in_words` …); rates, break-downs, trends, lists, frozen
months and the command follow from it.
"""

from assist.services.queries.figures import in_course, in_time, in_words
from assist.services.queries.figures.figure import Figure

__all__ = ["FIGURES", "GROUPS", "HEADLINE", "OF_UNITS", "Figure"]

# By what they ask, in the order in which they are read.
GROUPS: dict[str, tuple[Figure, ...]] = {
    "时限": in_time.FIGURES,
    "企业意见": in_words.FIGURES,
    "办理过程": in_course.FIGURES,
}
FIGURES: dict[str, Figure] = {figure.key: figure for group in GROUPS.values() for figure in group}
HEADLINE = ("on_time", "original_on_time", "solved", "satisfied")
OF_UNITS = ("feedback", "promise", "signing")
