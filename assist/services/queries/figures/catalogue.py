"""The catalogue: every figure by name. Rules: design 4, "Rates".

A new figure is a row in the room it belongs to (`in_time`, `in_words` …); rates, break-downs, trends, lists, frozen
months and the command follow from it.
"""

from assist.services.queries.figures import in_course, in_time, in_words
from assist.services.queries.figures.figure import Figure

__all__ = ["FIGURES", "HEADLINE", "OF_UNITS", "Figure"]

FIGURES: dict[str, Figure] = {
    figure.key: figure for figure in (*in_time.FIGURES, *in_words.FIGURES, *in_course.FIGURES)
}
HEADLINE = ("on_time", "original_on_time", "solved", "satisfied")
OF_UNITS = ("feedback", "promise", "signing")
