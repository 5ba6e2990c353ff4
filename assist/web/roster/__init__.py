"""企业与结对 (`/roster/`): enterprises and who serves them, people, units, work groups, imports.

Each module hangs its views on the one blueprint of `place`; importing them here is what hangs them.
"""

import assist.web.roster.enterprises
import assist.web.roster.exporting
import assist.web.roster.importing
import assist.web.roster.lists
import assist.web.roster.pairings
import assist.web.roster.people
import assist.web.roster.phones
import assist.web.roster.staff
import assist.web.roster.standing_in
import assist.web.roster.units
import assist.web.roster.work_groups  # noqa: F401
from assist.web.roster.place import blueprint

__all__ = ["blueprint"]
