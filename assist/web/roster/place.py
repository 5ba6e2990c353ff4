"""What the pages of the roster share: the blueprint, and who may change what they show."""

from flask import Blueprint

from assist.domain.policy import Deed, may
from assist.services.work import Work
from assist.web.forms_again import afresh, asked, asked_page, refused

__all__ = ["afresh", "asked", "asked_page", "blueprint", "may_change", "refused"]
blueprint = Blueprint("roster", __name__, url_prefix="/roster")


def may_change(work: Work) -> bool:
    """Whether the pages show what changes the roster; each view guards itself."""
    return may(work.actor, Deed.KEEP_ROSTER)
