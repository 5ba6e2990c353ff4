"""走访 (`/visits/`): the list and ledger C, planning and writing down, one visit with its acts, the figures.

Each module hangs its views on the one blueprint of `place`; importing them here is what hangs them.
"""

import assist.web.visits.acts
import assist.web.visits.figures
import assist.web.visits.lists
import assist.web.visits.planning  # noqa: F401
from assist.web.visits.place import blueprint

__all__ = ["blueprint"]
