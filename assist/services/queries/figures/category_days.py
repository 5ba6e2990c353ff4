"""Which days a category had at an instant, told by the audit log: a change is in force at once, and for what comes."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from assist.models import AuditEntry
from assist.services.work import Work


@dataclass
class CategoryDays:
    """`now` as configured; `before` lists by category until when it had been how much, the oldest first."""

    now: dict[int, int | None]
    before: dict[int, list[tuple[datetime, int | None]]] = field(default_factory=lambda: defaultdict(list))

    def at(self, category_id: int | None, at: datetime) -> int | None:
        for until, days in self.before.get(category_id or 0, ()):
            if at < until:
                return days
        return self.now.get(category_id or 0)


def read(work: Work) -> CategoryDays:
    found = CategoryDays({one.id: one.days for one in work.settings.categories.values()})
    query = select(AuditEntry).where(AuditEntry.deed == "change_category").order_by(AuditEntry.seq)
    for entry in work.session.scalars(query):
        if "days" in entry.detail:
            found.before[int(entry.detail["category_id"])].append((entry.at, entry.detail["days"][0]))
    return found
