"""设置 (`/settings/`): what is configured in the database, accounts, channels and jobs; each for those who keep it.

Each module hangs its views on the one blueprint of `place`; importing them here is what hangs them.
"""

import assist.web.settings.account_acts
import assist.web.settings.accounts
import assist.web.settings.boards
import assist.web.settings.calendar
import assist.web.settings.categories
import assist.web.settings.changes
import assist.web.settings.channels
import assist.web.settings.index
import assist.web.settings.jobs
import assist.web.settings.ladder
import assist.web.settings.limits
import assist.web.settings.values  # noqa: F401
from assist.web.settings.place import blueprint

__all__ = ["blueprint"]
