"""What of a frozen month is somebody's to see who does not see all tickets: an area's, or his enterprises', less what
is restricted there. Just what he sees of open months; the list behind a number is the same.

Whoever sees tickets by another relation too (an officer's, a stand-in's, the person named for restricted matters) is
told of all months as of now.
"""

from dataclasses import dataclass
from typing import Any

from assist.domain.roles import Role
from assist.services.access import enterprises_of_groups, sees_all
from assist.services.work import Work

# What a frozen month holds of restricted matters: of each figure for the city (one row always), by area, by enterprise.
CLOSED = {"city": "closed_city", "area": "closed_area", "enterprise": "closed_firm"}


@dataclass(frozen=True)
class Share:
    """A dimension of frozen months and which of its keys are somebody's (None: all)."""

    dimension: str
    keys: Any = None

    @property
    def dimensions(self) -> tuple[str, str]:
        return self.dimension, CLOSED[self.dimension]


def share(work: Work) -> Share | None:
    """The reader's share of frozen months; None for who sees all, and for who is told of all months as of now."""
    actor = work.actor
    if sees_all(actor) or actor.stands_in_for or actor.account_id == work.settings.restricted_owner_id:
        return None
    if actor.roles == {Role.COORDINATOR}:
        return Share("city") if actor.area_id is None else Share("area", [actor.area_id])
    if actor.roles == {Role.LEADER}:
        return Share("enterprise", enterprises_of_groups(actor.account_id or 0))
    return None
