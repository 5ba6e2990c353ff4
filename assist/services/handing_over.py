"""交接: an enterprise passes from its officer to the next, with the inventory of everything that is open.

A coordinator prepares it, both officers acknowledge it (a coordinator for an absent one, with a reason); at the second
acknowledgement the pairing changes, open tickets pass and all are told, in one transaction. Due times do not move.
"""

from sqlalchemy import select

from assist.domain.errors import Conflict, Forbidden, Invalid, NotFound
from assist.domain.handovers import HANDOVER_ACTS, HandoverAction, HandoverStatus, Side, sides_of
from assist.models import Enterprise, Handover
from assist.services import auditing, pairing, telling
from assist.services.queries.handover_inventory import inventory
from assist.services.telling import Note
from assist.services.work import Work

MOST_NOTES = 2000
OFFICERS = (Side.FORMER, Side.SUCCESSOR)


def prepare(work: Work, enterprise_id: int, successor_id: int, reason: str, notes: str = "") -> Handover:
    """准备交接 to another active officer, with the inventory as it stands; both officers are asked to acknowledge.

    Raises NotFound (not the coordinator's to keep), Invalid (successor, reason, notes) and Conflict (nobody to take
    over from, or a handover waits already).
    """
    enterprise = pairing.in_scope(work, enterprise_id, lock=True)
    successor = pairing.ready_officer(work, successor_id)
    why = pairing.reason_words(reason, "交接原因")
    kept = _notes("", notes)
    present = pairing.active(work, enterprise.id)
    if present is None:
        raise Conflict(f"{enterprise.name} 目前没有在岗专员，请直接结对。")
    if present.officer_id == successor.id:
        raise Invalid(f"{successor.name} 已是这家企业的在岗专员，请选择另一位。", "officer")
    if (waiting := waiting_for(work, enterprise.id)) is not None:
        raise Conflict(
            f"{enterprise.name} 由{waiting.former.name}交接给{waiting.successor.name}正在确认，"
            "请先完成或取消那次交接。"
        )
    made = Handover(
        enterprise_id=enterprise.id,
        former_id=present.officer_id,
        successor_id=successor.id,
        reason=why,
        notes=kept,
        inventory=inventory(work, enterprise.id),
        prepared_by_id=work.actor.account_id,
        prepared_at=work.now,
    )
    work.session.add(made)
    work.session.flush()
    names = {"former": present.officer.name, "successor": successor.name}
    auditing.record(work, "prepare_handover", enterprise.name, handover=made.id, reason=why, **names)
    ask = "请核对交接清单并确认"
    _tell(work, made, "prepared", {
        made.former_id: f"{enterprise.shown} 将由您交接给{successor.name}，{ask}",
        made.successor_id: f"{enterprise.shown} 将由{present.officer.name}交接给您，{ask}",
    }, "soon")  # fmt: skip
    return made


def waiting_for(work: Work, enterprise_id: int) -> Handover | None:
    """The handover of this enterprise that waits to be acknowledged."""
    return work.session.scalars(
        select(Handover).where(
            Handover.enterprise_id == enterprise_id, Handover.status == HandoverStatus.PREPARED
        )
    ).one_or_none()


def acknowledge(
    work: Work, handover_id: int, side: Side | None = None, *, reason: str = "", notes: str = ""
) -> Handover:
    """确认交接, by an officer for himself or (naming the side, with a reason) by a coordinator for him.

    The second one makes it effective. Doing it again changes nothing. Raises NotFound, Forbidden, Invalid, and
    Conflict when it was cancelled or the enterprise's officer is another by now.
    """
    found, own = _locked(work, handover_id)
    if not own & HANDOVER_ACTS[HandoverAction.ACKNOWLEDGE]:
        raise Forbidden("交接由两位专员确认，专员不在岗时由调度员代为确认。")
    side = side or next((one for one in OFFICERS if one in own), None)
    if side not in OFFICERS:
        raise Invalid("请选择代哪一位专员确认。", "side")
    if found.status is HandoverStatus.CANCELLED:
        raise Conflict("这次交接已经取消，没有生效。")
    if found.status is HandoverStatus.EFFECTIVE or _at(found, side) is not None:
        return found
    for_id, why = None, ""
    if side not in own:
        if Side.COORDINATOR not in own:
            raise Forbidden("只能为自己确认。")
        for_id, why = work.actor.account_id, pairing.reason_words(reason, "代为确认的原因")
    if notes.strip():
        found.notes = _notes(found.notes, f"{work.actor.name}：{notes.strip()}")
    if side is Side.FORMER:
        found.former_at, found.former_for_id, found.former_reason = work.now, for_id, why
    else:
        found.successor_at, found.successor_for_id, found.successor_reason = work.now, for_id, why
    auditing.record(
        work, "acknowledge_handover", found.enterprise.name, handover=found.id, side=side.value, reason=why
    )
    if found.former_at is not None and found.successor_at is not None:
        _take_effect(work, found)
    return found


def cancel(work: Work, handover_id: int) -> Handover:
    """取消交接 before it is effective, by a coordinator. Cancelling again changes nothing."""
    found, own = _locked(work, handover_id)
    if not own & HANDOVER_ACTS[HandoverAction.CANCEL]:
        raise Forbidden("交接由助企办调度员取消。")
    if found.status is HandoverStatus.EFFECTIVE:
        raise Conflict("交接已经生效，不能取消；需要换回的，请再办理一次交接。")
    if found.status is HandoverStatus.CANCELLED:
        return found
    found.status, found.cancelled_at = HandoverStatus.CANCELLED, work.now
    auditing.record(work, "cancel_handover", found.enterprise.name, handover=found.id)
    title = f"{found.enterprise.shown} 的交接已取消，仍由{found.former.name}负责"
    _tell(work, found, "cancelled", {found.former_id: title, found.successor_id: title})
    return found


def _take_effect(work: Work, found: Handover) -> None:
    enterprise, former, successor = found.enterprise, found.former, found.successor
    present = pairing.active(work, enterprise.id)
    if present is None or present.officer_id != former.id:
        raise Conflict(f"{enterprise.name} 的在岗专员已不是{former.name}，请取消这次交接后重新办理。")
    pairing.ready_officer(work, successor.id)
    found.inventory = inventory(work, enterprise.id)
    count = pairing.succeed(work, present, successor, found.reason)
    found.status, found.effective_at = HandoverStatus.EFFECTIVE, work.now
    auditing.record(
        work, "hand_over", enterprise.name, former=former.name, officer=successor.name, tickets=count
    )
    opened = f"，在办的{count}件诉求由{successor.name}接着办理，办理时限不变" if count else ""
    told = {
        former.id: f"{enterprise.shown} 已由您交接给{successor.name}，您经办的诉求仍可查看",
        successor.id: f"{enterprise.shown} 已交接给您" + (f"，在办诉求{count}件，时限不变" if count else ""),
    }
    for contact in telling.contacts_of(work, enterprise.id):
        told[contact] = f"您的服务专员由{former.name}变更为{successor.name}{opened}"
    _tell(work, found, "effective", told)


def _at(found: Handover, side: Side) -> object:
    return found.former_at if side is Side.FORMER else found.successor_at


def _notes(before: str, added: str) -> str:
    whole = "\n".join(part for part in (before, added.strip()) if part)
    if len(whole) > MOST_NOTES:
        raise Invalid(f"交接说明请控制在{MOST_NOTES}字以内。", "notes")
    return whole


def _locked(work: Work, handover_id: int) -> tuple[Handover, frozenset[Side]]:
    """The handover with its enterprise locked (as pairing locks it), and how the actor stands to it."""
    found = work.session.get(Handover, handover_id)
    if found is None:
        raise NotFound()
    enterprise = work.session.get_one(
        Enterprise, found.enterprise_id, with_for_update={"key_share": True}
    )
    work.session.refresh(found, with_for_update=True)
    own = sides_of(work.actor, found.former_id, found.successor_id, enterprise.area_id)
    if not own:
        raise NotFound()
    return found, own


def _tell(work: Work, found: Handover, what: str, titles: dict[int, str], tone: str = "inf") -> None:
    """One plain sentence each; officers are led to the handover, contacts to their own place."""
    officers = (found.former_id, found.successor_id)
    key = f"handover:{found.id}:{what}"
    notes = [
        Note(
            one,
            "handover",
            title,
            key,
            found.reason if one in officers else "",
            tone=tone,
            location=f"/handovers/{found.id}" if one in officers else "/portal/",
        )
        for one, title in titles.items()
        if one != work.actor.account_id
    ]
    telling.write(work, notes)
