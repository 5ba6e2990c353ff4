"""A ticket's way as five stages, like a parcel's, from 已提交 to 已办结, or to where it left the road."""

from dataclasses import dataclass

from assist.domain.status import Status

STAGES = ("已提交", "已受理", "办理中", "待确认", "已办结")
_REACHED = {Status.SUBMITTED: 1, Status.SUPPLEMENTING: 1, Status.HANDLING: 2, Status.ANSWERED: 3}
_LEFT = {Status.DECLINED: "bad", Status.WITHDRAWN: "now", Status.MERGED: "now"}


@dataclass(frozen=True)
class Stage:
    """`state` is done, now, todo or bad; `note` stands under the label."""

    label: str
    state: str
    note: str = ""


def road(status: Status, *, was_accepted: bool, notes: tuple[str, ...] = ()) -> list[Stage]:
    """The stages of a ticket in `status`. `notes` (a time, a name) go with the stages passed and the present one."""
    noted = dict(enumerate(notes))
    if status is Status.CLOSED:
        return [Stage(label, "done", noted.get(at, "")) for at, label in enumerate(STAGES)]
    if status in _LEFT:
        passed = STAGES[:2] if was_accepted else STAGES[:1]
        stages = [Stage(label, "done", noted.get(at, "")) for at, label in enumerate(passed)]
        return [*stages, Stage(status.title, _LEFT[status], notes[-1] if notes else "")]
    reached = _REACHED[status]
    found = []
    for at, label in enumerate(STAGES):
        state = "done" if at < reached else "now" if at == reached else "todo"
        # Where it stands now is called as the status is: 待受理, 待补正.
        shown = status.title if at == reached else label
        found.append(Stage(shown, state, noted.get(at, "") if at <= reached else ""))
    return found
