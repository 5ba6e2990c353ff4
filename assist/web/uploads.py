"""Files that come with a form: received outside the transaction, and not lost when the form is shown again.

Not here: what a file may be and where it lies (`services.attachments`), giving files out (`files`).
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import current_app, request

from assist.domain.errors import Invalid
from assist.extensions import db
from assist.services import attachments
from assist.services.attachments import FilesRefused, Received
from assist.services.file_store import Store
from assist.web import guards
from assist.web.filters import size_text


@dataclass
class Chosen:
    """What came with the form: the good files, and a sentence for each of the others."""

    received: list[Received] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)

    @property
    def problem(self) -> str:
        return "".join(self.sentences)

    @property
    def kept(self) -> list[dict[str, str]]:
        """For `file_field(kept=…)`: the good files as already received."""
        work = guards.work()
        return [
            {
                "id": attachments.keep(work, store(), one),
                "name": one.name,
                "size_text": size_text(one.size),
            }
            for one in self.received
        ]

    def onto(self, form_field: Any) -> bool:
        """Show the sentences at the form's field; True when there are none."""
        form_field.errors = [*form_field.errors, *self.sentences]
        return not self.sentences


def store() -> Store:
    return Store(Path(current_app.config["ASSIST_UPLOADS"]), current_app.config["SECRET_KEY"])


def choose(ticket_id: int | None = None, name: str = "files") -> Chosen:
    """Receive the files of this request. Call it first: the transaction begun so far is let go, and begun anew.

    `ticket_id` is the ticket they will belong to (None: a new one), whose other files count.
    """
    sent = [file for file in request.files.getlist(name) if file.filename]
    tokens = request.form.getlist("kept_files")
    chosen = Chosen()
    if not sent and not tokens:
        return chosen
    room = attachments.room(db.session, ticket_id)  # type: ignore[arg-type]  # a proxy of the session
    work = guards.work()
    db.session.rollback()
    found: list[Received] = []
    for token in tokens[: attachments.MOST_FILES]:
        try:
            found += attachments.kept(work, store(), [token])
        except Invalid as error:
            chosen.sentences = [error.sentence]
    try:
        found += attachments.receive(store(), sent, room.less(found))
    except FilesRefused as refused:
        found += refused.received
        chosen.sentences += refused.sentences
    chosen.received = list(dict.fromkeys(found))
    guards.start_writing()
    return chosen
