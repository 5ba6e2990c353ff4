"""工作组: the leaders in their fixed order, and who belongs to a group. The city's coordinators keep them."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from wtforms.fields.choices import SelectChoice

from assist.domain.errors import Forbidden, NotFound, Refused
from assist.domain.policy import Deed
from assist.forms.roster import MemberForm
from assist.services import units as order
from assist.services import work_groups as verbs
from assist.services.queries import officers as queries
from assist.services.work import Work
from assist.web import guards
from assist.web.roster.place import afresh, blueprint, may_change, refused


def _may_keep(work: Work) -> bool:
    return may_change(work) and work.actor.area_id is None


@blueprint.get("/work-groups")
@guards.for_deed(Deed.SEE_ROSTER)
def work_groups() -> str:
    work = guards.work()
    return render_template(
        "roster/work_groups.html",
        rows=queries.work_groups(work),
        people=queries.group_people(work),
        may_order=_may_keep(work),
    )


@blueprint.post("/work-groups/<int:group_id>/move")
@guards.for_deed(Deed.KEEP_ROSTER)
def move_group(group_id: int) -> Any:
    order.move_group(guards.work(), group_id, request.form.get("direction") == "up")
    guards.commit()
    return redirect(url_for("roster.work_groups"))


@blueprint.route("/work-groups/<int:group_id>", methods=["GET", "POST"])
@guards.for_deed(Deed.KEEP_ROSTER)
def group_members(group_id: int) -> Any:
    """The people of one group; POST puts a leader into it."""
    group, members, free = _found(guards.work(), group_id)
    form = MemberForm(data={"is_head": "0"})
    form.person.choices = [SelectChoice("", "请选择"), *(SelectChoice(str(one.id), _face(one)) for one in free)]
    if request.method == "POST" and form.validate():
        try:
            verbs.put_in(guards.work(), group_id, int(form.person.data), is_head=form.is_head.is_yes)
            guards.commit()
        except (NotFound, Forbidden):
            raise
        except Refused as error:
            refused(form, error)
            group, members, free = _found(afresh(), group_id)
        else:
            flash("已加入工作组。", "success")
            return redirect(url_for("roster.group_members", group_id=group_id))
    is_wrong = bool(form.errors or form.form_errors)
    text = render_template("roster/group_members.html", form=form, group=group, members=members, free=free)
    return text, 400 if is_wrong else 200


def _found(work: Work, group_id: int) -> Any:
    if not _may_keep(work):
        raise NotFound()
    return verbs.members(work, group_id)


def _face(one: Any) -> str:
    return f"{one.name}（{one.position}）" if one.position else str(one.name)


@blueprint.post("/work-groups/<int:group_id>/remove")
@guards.for_deed(Deed.KEEP_ROSTER)
def remove_member(group_id: int) -> Any:
    name = verbs.take_out(guards.work(), group_id, request.form.get("member", 0, type=int))
    guards.commit()
    flash(f"{name}已移出工作组。", "success")
    return redirect(url_for("roster.group_members", group_id=group_id))
