"""What the pages of figures share: the blueprint, the filter in the address, and where a number leads."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from flask import Blueprint, request, url_for

from assist.domain import periods
from assist.domain.rates import Period, days, month_of
from assist.services.queries.figures.catalogue import HEADLINE
from assist.services.queries.figures.cockpit import Cockpit
from assist.services.queries.figures.frozen import told_frozen
from assist.services.queries.figures.narrowing import Narrowing, told_at
from assist.services.queries.ticket_lists import parse_on
from assist.services.work import Work
from assist.web import figure_links

blueprint = Blueprint("figures", __name__, url_prefix="/figures")
LONGEST_SPAN = 366 * 3  # days


@dataclass(frozen=True)
class View:
    """The filter of an address: a period, what it is narrowed to, the figure of the heat table."""

    work: Work
    period: Period
    narrowing: Narrowing
    heat_key: str
    query: dict[str, str]

    @cached_property
    def cockpit(self) -> Cockpit:
        return Cockpit(self.work, self.period, self.narrowing, self.heat_key)

    @property
    def words(self) -> str:
        """2026年11月 · 茌平区 · 土地规划"""
        settings = self.work.settings
        found = [self.period.label]
        if self.narrowing.area_id is not None:
            found.append(settings.areas[self.narrowing.area_id].name)
        if self.narrowing.chain_id is not None:
            found.append(settings.chains[self.narrowing.chain_id])
        if category := settings.by_code(self.query.get("category", "")):
            found.append(category.name)
        return " · ".join(found)

    @property
    def narrowed(self) -> dict[str, str]:
        """What of the address narrows, as lists of tickets call it."""
        return {name: self.query[name] for name in ("area", "chain", "category") if name in self.query}

    def address(self, endpoint: str, **more: Any) -> str:
        """A page of figures with the same filter."""
        return url_for(endpoint, **{**self.query, **more})

    def tickets(self, **wanted: Any) -> str:
        """A list of tickets, narrowed as this is."""
        return url_for("tickets.index", **{**self.narrowed, **wanted})

    def behind(self, key: str, part: str, period: Period, *, is_live: bool = False, **more: Any) -> str:
        """The list behind one number of a figure, as of the time the number is told for."""
        at = None if is_live else told_at(self.work, period, self.narrowing)
        return self.list_of(key, part, period, at, **more)

    @property
    def heat_told_at(self) -> datetime | None:
        """The heat table tells frozen months whatever area and category are asked for, but not by chain."""
        own = None if self.narrowing.chain_id else told_frozen(self.work, self.period, "area_category")
        return own.told_at if own is not None else None

    @property
    def rates_told_at(self) -> datetime | None:
        """When the period's rates were frozen; None while they are told as of now."""
        return told_at(self.work, self.period, self.narrowing)

    def list_of(self, key: str, part: str, period: Period, at: datetime | None, **more: Any) -> str:
        return figure_links.list_url(key, part, period, at, **{**self.narrowed, **more})


def view(work: Work) -> View:
    """The filter of this request's address; nonsense in it is left out."""
    given = {name: request.args.get(name, "").strip()[:20] for name in ("period", "area", "chain", "category", "heat")}
    query: dict[str, str] = {}
    period = _dates(work, query) or _named(work, given["period"], query) or month_of(work.now)
    settings = work.settings
    area_id, chain_id = _id(given["area"], settings.areas), _id(given["chain"], settings.chains)
    ids = frozenset[int]()
    if (category := settings.by_code(given["category"])) is not None:
        own = settings.categories.values()
        ids = frozenset(one.id for one in own if category.id in (one.id, one.parent_id))
        query["category"] = category.code
    query |= {name: str(id) for name, id in (("area", area_id), ("chain", chain_id)) if id is not None}
    heat_key = given["heat"] if given["heat"] in HEADLINE else HEADLINE[0]
    if heat_key != HEADLINE[0]:
        query["heat"] = heat_key
    return View(work, period, Narrowing(area_id, chain_id, ids), heat_key, query)


def _named(work: Work, word: str, query: dict[str, str]) -> Period | None:
    found = periods.parse(word)
    if found is None or found.start > work.now:
        return None
    query["period"] = word
    return found


def _dates(work: Work, query: dict[str, str]) -> Period | None:
    """Any dates, both given, not the wrong way round and not for ever."""
    since, until = (parse_on(request.args.get(name, "")) for name in ("since", "until"))
    if since is None or until is None or not date(2000, 1, 1) <= since <= until:
        return None
    found = days(since, until)
    if (until - since).days > LONGEST_SPAN or found.start > work.now:
        return None
    query |= {"since": since.isoformat(), "until": until.isoformat()}
    return found


def _id(text: str, known: dict[int, Any]) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and int(text) in known else None
