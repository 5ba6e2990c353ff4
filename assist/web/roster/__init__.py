"""企业与结对 (`/roster/`): enterprises and who serves them, people, units, work groups, imports.

Each module hangs its views on the one blueprint of `place`.
"""

from assist.web.roster import enterprises, exporting, importing, lists, pairings, people, phones, units
from assist.web.roster.place import blueprint

__all__ = [
    "blueprint",
    "enterprises",
    "exporting",
    "importing",
    "lists",
    "pairings",
    "people",
    "phones",
    "units",
]
