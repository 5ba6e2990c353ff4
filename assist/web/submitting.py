"""Making a ticket from a form, for the enterprise's own place (`portal`) and the officer's (`entry`): the same order,
the same keeping of everything typed and chosen when something is wrong.
"""

import secrets
from typing import Any

from flask import flash, render_template, request, url_for
from wtforms.fields.choices import SelectChoice

from assist.domain.errors import Invalid
from assist.domain.status import Source
from assist.extensions import db
from assist.forms.submission import EntryForm, SubmissionForm
from assist.models import Enterprise
from assist.services import attachments, intake
from assist.services.work import leads_to, once
from assist.web import guards, uploads
from assist.web.action_pages import category_choices

UNKNOWN = "不清楚，请专员选择"


def asked(form: SubmissionForm, template: str) -> str:
    """The empty form."""
    form.form_key.data = secrets.token_hex(16)
    return page(form, template, [])


def page(form: SubmissionForm, template: str, kept: list[Any]) -> str:
    """The form as it stands, with its choices."""
    work = guards.work()
    own = intake.enterprises_of(work)
    fill_choices(form, own)
    return render_template(
        template,
        form=form,
        kept=kept,
        enterprises=own,
        account_id=work.actor.account_id,
        settings=work.settings,
    )


def fill_choices(form: SubmissionForm, own: list[Enterprise]) -> None:
    settings = guards.work().settings
    is_entry = isinstance(form, EntryForm)
    form.category.choices = category_choices(settings, UNKNOWN, restricted=not is_entry)
    names = [SelectChoice(value=str(one.id), label=one.name) for one in own]
    form.enterprise.choices = (
        names if len(names) == 1 else [SelectChoice(value="", label="请选择企业"), *names]
    )
    if len(own) == 1 and not form.enterprise.data:
        form.enterprise.data = str(own[0].id)


def submitted(form: SubmissionForm, template: str) -> tuple[str, str]:
    """Make the ticket: (where to go, ""), or ("", the form again) when something is wrong and nothing was made."""
    chosen = uploads.choose()
    form.received = chosen.received
    work = guards.work()
    once(work, form.form_key.data, request.path)
    fill_choices(form, intake.enterprises_of(work))
    is_fine = form.validate()
    is_fine = chosen.onto(form.files) and is_fine
    try:
        if not is_fine:
            raise Invalid("")
        if not form.enterprise.data:
            raise Invalid("请选择企业。", "enterprise")
        ticket = intake.submit(work, int(form.enterprise.data), _words(form))
        if chosen.received:
            attachments.attach(work, uploads.store(), ticket, ticket.event_seq, chosen.received)
        location = url_for("ticket_page.show", number=ticket.number)
        leads_to(work, form.form_key.data, location)
        guards.commit()
    except Invalid as error:
        db.session.rollback()
        _put(form, error)
        return "", page(form, template, chosen.kept)
    flash(f"诉求已提交，编号 {location.rsplit('/', 1)[-1]}。", "success")
    return location, ""


def _words(form: SubmissionForm) -> intake.Submission:
    source = form.source.data if isinstance(form, EntryForm) else Source.SELF
    return intake.Submission(
        description=form.description.data or "",
        title=form.title.data or "",
        wish=form.wish.data or "",
        category=form.category.data or "",
        is_pressing=form.is_pressing.data,
        pressing_reason=form.pressing_reason.data or "",
        source=source,
        linked_number=form.linked.data or "",
    )


def _put(form: SubmissionForm, error: Invalid) -> None:
    field = form._fields.get(error.field or "")
    if field is not None:
        field.errors = [*field.errors, error.sentence]
    elif error.sentence:
        form.form_errors = [*form.form_errors, error.sentence]
