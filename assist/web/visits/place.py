"""What the pages of visits share: the blueprint."""

from flask import Blueprint

blueprint = Blueprint("visits", __name__, url_prefix="/visits")
