"""签发: a supervisor signs a frozen month with his name and a note; from then on it is published.

Errors: Forbidden, NotFound (no such frozen month), Conflict (signed already, or not what was sealed), Invalid
(`signed_name`). Nothing is changed by it; the signature bears the hash of what was signed.
"""

from sqlalchemy import select

from assist.domain import months
from assist.domain.clock import local
from assist.domain.errors import Conflict, Forbidden, Invalid, NotFound
from assist.domain.months import SnapshotKind
from assist.domain.policy import Deed, may
from assist.domain.rates import Period
from assist.domain.roles import Role
from assist.models import Account, Publication, Seal, Snapshot
from assist.models.account import holds
from assist.services import auditing, sealing, telling
from assist.services.work import Work, insert_unless_there

MOST = 400


def frozen_month(work: Work, period: Period) -> Snapshot:
    """The month as it was frozen. Raises NotFound."""
    snapshot = work.session.scalar(
        select(Snapshot).where(Snapshot.month_on == period.first_on, Snapshot.kind == SnapshotKind.FINAL)
    )
    if snapshot is None:
        raise NotFound()
    return snapshot


def publish(work: Work, period: Period, signed_name: str, note: str = "") -> Publication:
    """签发并发布, once; the name is the signer's own."""
    if not may(work.actor, Deed.PUBLISH_MONTHS):
        raise Forbidden()
    snapshot = frozen_month(work, period)
    if signed_name.strip() != work.actor.name:
        raise Invalid(f"签发请填写您本人的姓名“{work.actor.name}”。", "signed_name")
    if not sealing.is_whole(work.session, snapshot):
        raise Conflict("这个月的数据与封存时不符，不能签发，请联系系统管理员核验。")
    seal = work.session.scalars(select(Seal).where(Seal.snapshot_id == snapshot.id)).one()
    values = {
        "snapshot_id": snapshot.id,
        "signed_by_id": work.actor.account_id,
        "signed_name": work.actor.name,
        "signed_at": work.now,
        "note": note.strip()[:MOST],
        "hash": seal.hash,
    }
    made = work.session.scalar(
        insert_unless_there(work.session, Publication).values(**values).returning(Publication.id)
    )
    found = work.session.scalars(select(Publication).where(Publication.snapshot_id == snapshot.id)).one()
    if made is None:
        raise Conflict(f"{period.label}已由{found.signed_name}于{local(found.signed_at):%m月%d日%H:%M}签发。")
    auditing.record(work, "publish_month", period.label, digest=seal.hash, note=found.note)
    _tell(work, period)
    return found


def _tell(work: Work, period: Period) -> None:
    people = work.session.scalars(
        select(Account.id).where(
            Account.is_active, holds(Role.COORDINATOR) | holds(Role.LEADER) | holds(Role.SUPERVISOR)
        )
    )
    telling.tell(
        work,
        people,
        "month_published",
        f"{period.label}数据已发布",
        key=f"month:{months.word(period.first_on)}:published",
        body="可以查看按期办结率、满意率等各项数据，以及不计入的件和原因。",
        location=f"/figures/months/{months.word(period.first_on)}",
    )
