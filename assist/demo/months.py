"""The months that are over: frozen each at its time, signed by a supervisor the morning after; the last waits."""

from datetime import timedelta

from assist.demo.population import People
from assist.demo.stage import Stage
from assist.domain.clock import FixedTime
from assist.domain.months import SnapshotKind, milestones
from assist.domain.roles import Role
from assist.services import correcting, freezing, publishing
from assist.services.work import Work


def write_down(stage: Stage, people: People) -> None:
    """Everything that `month` would have done by now, as of its own times."""
    supervisor = next(account for account in people.accounts if Role.SUPERVISOR in account.roles)
    due = freezing.due(Work(stage.session, FixedTime(stage.until)))
    last = max((one.period.start for one in due if one.kind is SnapshotKind.FINAL), default=None)
    for one in due:
        when = milestones(stage.calendar, one.period)
        at = when.draft_at if one.kind is SnapshotKind.DRAFT else when.freeze_at
        freezing.freeze(Work(stage.session, FixedTime(at)), one.period, one.kind)
        if one.kind is SnapshotKind.FINAL and one.period.start != last:
            morning = stage.calendar.shift_days(at, 1) - timedelta(hours=7)
            work = Work(stage.session, FixedTime(morning), supervisor.as_actor())
            publishing.publish(work, one.period, supervisor.name, "经研究，同意公布。")
        stage.session.commit()
    work = Work(stage.session, FixedTime(stage.until))
    for snapshot_id, request_id in correcting.due(work):
        correcting.for_objection(work, snapshot_id, request_id)
    stage.session.commit()
