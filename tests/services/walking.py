"""How a random road walks: whom a rule sends, when a rule makes sense, and how a refusal is taken.

Most steps are taken while they are legal, and many by the right person: else nothing but refusals would happen.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any, TypeVar

from hypothesis import HealthCheck, note, settings
from hypothesis.stateful import rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.errors import Refused
from assist.domain.transitions import Action, is_legal
from assist.models import Ticket
from assist.models.engine import begin_writing
from assist.services import access, stand_ins
from tests.cast import Cast, name_for_restricted
from tests.make import Make
from tests.tasks import county_unit

PEOPLE = ("chen", "sun", "zhang", "li", "wang", "zhao", "qian", "liu", "zhou", "zheng", "wu", "xi")
Deed = TypeVar("Deed", bound=Callable[..., None])
A_WHILE = 0.4
PAUSES = (1, 45, 200, 600, 1500, 5000, 9000)  # minutes
OWNER = "owner"  # whoever owns the ticket at that moment


@dataclass(frozen=True)
class Of:
    """What is known of a deed: when it makes sense, how often it is chosen, with which words."""

    actions: tuple[Action, ...]
    weight: int
    needs: Any
    words: dict[str, Sequence[Any]]


def mostly(*right: str) -> tuple[str, ...]:
    """One of those whose act it is, more often than anybody else."""
    return right * (2 * len(PEOPLE) // len(right)) + PEOPLE


def act(
    *actions: Action, weight: int = 2, needs: Any = None, **words: Sequence[Any]
) -> Callable[[Deed], Deed]:
    """One thing somebody may do, with what it is said with; it is done while one of these acts is legal (none: ever)
    and the ticket has something of the kind it `needs`.

    Not a rule of its own: of fifty rules Hypothesis would try few, and those again and again.
    """

    def marked(deed: Deed) -> Deed:
        deed.of = Of(actions, weight, needs, words)  # type: ignore[attr-defined]
        return deed

    return marked


def deeds_of(machine: Any) -> dict[str, Any]:
    """What may be done in a machine, by name."""
    found = {name: getattr(machine, name) for name in dir(machine)}
    return {name: deed for name, deed in found.items() if hasattr(deed, "of")}


class Walker:
    """What every road has: the ticket, who acts on it, and that a refusal changes nothing."""

    make: Make
    cast: Cast
    ticket: Ticket
    number: str
    rng: Random

    @property
    def session(self) -> Session:
        return self.make.session

    @rule()
    def somebody_acts(self) -> None:
        """One of the deeds whose time it is, by somebody, in some words; then perhaps some time goes by."""
        self.something_is_done()
        if self.rng.random() < A_WHILE:
            self.time_goes_by()

    def something_is_done(self) -> None:
        deeds = {name: deed for name, deed in deeds_of(type(self)).items() if self.is_time_for(deed.of)}
        name = self.rng.choice([name for name in sorted(deeds) for _ in range(deeds[name].of.weight)])
        words = {key: self.rng.choice(values) for key, values in deeds[name].of.words.items()}
        note(f"{name}({words})")
        deeds[name](self, **words)

    def time_goes_by(self) -> None:
        self.make.time.at += timedelta(minutes=self.rng.choice(PAUSES))

    def is_time_for(self, of: Of) -> bool:
        if of.actions and not any(is_legal(action, self.ticket.status) for action in of.actions):
            return False
        if of.needs is None:
            return True
        return self.session.scalar(select(of.needs.id).where(of.needs.ticket_id == self.ticket.id).limit(1)) is not None

    def account(self, who: str) -> Any:
        if who == OWNER:
            owner_id = self.ticket.owner_id
            who = next((one for one in PEOPLE if getattr(self.cast, one).id == owner_id), "zhang")
        return getattr(self.cast, who)

    def do(self, who: str, deed: Callable[..., Any]) -> None:
        """Anything somebody does to whatever it is, as he stands now."""
        try:
            begin_writing(self.session)
            work = self.make.work(self.account(who))
            acting = stand_ins.of(self.session, work.actor.account_id or 0, work.now)
            work.actor = replace(work.actor, stands_in_for=acting)
            deed(work)
            self.session.commit()
        except Refused:
            self.session.rollback()

    def try_to(self, who: str, deed: Callable[..., Any], *words: Any, **more: Any) -> None:
        """Something somebody does to the ticket."""
        self.do(who, lambda work: deed(work, access.ticket(work, self.number, lock=True), *words, **more))


def walk(road: type[Any], cast: Cast, *, examples: tuple[int, int], steps: int) -> None:
    """Walk a road with this cast; so many times on one's own machine, and in CI. Its promises must hold all the way."""
    session = road.make.session
    if not hasattr(road, "units"):  # a road that goes on where another ended has its people already
        road.cast, road.named = cast, cast.wang.id
        road.units = (cast.zhou.actor.unit_id or 0, county_unit(session, cast))
        name_for_restricted(session, road.named)
    run_state_machine_as_test(
        road,
        settings=settings(
            max_examples=examples[bool(os.environ.get("CI"))],
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    session.rollback()


def at_least(here: int, in_ci: int) -> int:
    """How much must have been reached, on one's own machine and in CI."""
    return in_ci if os.environ.get("CI") else here
