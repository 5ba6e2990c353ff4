"""驾驶舱 (`/figures/`): charts with their tables and workbooks, officers by load, the big screen.

Each module hangs its views on the one blueprint of `place`; importing them here is what hangs them.
"""

import assist.web.figures.pages
import assist.web.figures.screen  # noqa: F401
from assist.web.figures.place import blueprint

__all__ = ["blueprint"]
