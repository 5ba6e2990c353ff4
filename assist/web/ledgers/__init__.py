"""台账 (`/ledgers/`): the six ledgers, taking them out and sending them back in.

Each module hangs its views on the one blueprint of `place`; importing them here is what hangs them.
"""

import assist.web.ledgers.exports
import assist.web.ledgers.importing
import assist.web.ledgers.lists  # noqa: F401
from assist.web.ledgers.place import blueprint

__all__ = ["blueprint"]
