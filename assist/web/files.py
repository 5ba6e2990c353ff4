"""Files going out: each through the rule of its ticket, always as a download, never shown in the page's own name.

Coming in: `uploads`.
"""

from typing import Any

from flask import Blueprint, current_app, send_file

from assist.domain.errors import NotFound
from assist.models import Attachment, DocumentScan
from assist.services import attachments
from assist.web import guards, uploads

blueprint = Blueprint("files", __name__)


@blueprint.get("/files/<int:attachment_id>")
@guards.signed_in()
def download(attachment_id: int) -> Any:
    return send(attachments.find(guards.work(), attachment_id))


def send(found: Attachment | DocumentScan) -> Any:
    """A stored content as a download under its own name. Raises NotFound when it is missing."""
    path = uploads.store().path(found.digest)
    if not path.is_file():
        current_app.logger.error("the content of file %s is missing: %s", found.id, found.digest)
        raise NotFound("这个文件暂时无法下载，请联系系统管理员。")
    response = send_file(
        path,
        mimetype=found.mime,
        as_attachment=True,
        download_name=found.name,
        etag=found.digest,
        last_modified=found.at,
    )
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
