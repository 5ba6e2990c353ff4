"""已盖章扫描件: the stamped copy of a document, by the document's address; its content lies where attachments lie."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assist.domain.papers import DocumentKind
from assist.models.base import Base, enum_column


class DocumentScan(Base):
    """Who may see the document may see its scans. The same content comes to one document once."""

    __tablename__ = "document_scan"
    __table_args__ = (
        UniqueConstraint("kind", "no", "digest"),
        Index("ix_document_scan_digest", "digest"),
    )

    kind: Mapped[DocumentKind] = mapped_column(enum_column(DocumentKind, "kind"))
    no: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(160))
    extension: Mapped[str] = mapped_column(String(8))
    mime: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    uploaded_by_name: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
