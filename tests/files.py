"""Files for tests, honest and hostile, made in memory: pictures, documents, archives, old Office files."""

import io
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any

import pytest
from PIL import Image

from assist.services import attachments
from assist.services.attachments import FilesRefused, Received
from assist.services.file_store import Store

TYPES = "[Content_Types].xml"
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
ORIENTATION, GPS, MAKER = 0x0112, 0x8825, 0x010F


@dataclass
class Sent:
    """A file as the web hands it over."""

    filename: str | None
    content: bytes = b""

    @property
    def stream(self) -> io.BytesIO:
        return io.BytesIO(self.content)


def picture(form: str = "JPEG", size: tuple[int, int] = (60, 40), **more: Any) -> bytes:
    """A red picture with a blue left half."""
    image = Image.new("RGB", size, (200, 30, 30))
    image.paste((30, 30, 200), (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, form, **more)
    return out.getvalue()


def photo(form: str = "JPEG", orientation: int = 1) -> bytes:
    """A picture that tells where, when and by what it was taken."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[MAKER] = "SecretPhone"
    exif.get_ifd(GPS)[2] = (36.45, 0.0, 0.0)
    more: dict[str, Any] = {"comment": b"SecretComment"} if form == "JPEG" else {}
    return picture(form, exif=exif.tobytes(), **more)


def heic() -> bytes:
    from pillow_heif import register_heif_opener

    register_heif_opener()
    return photo("HEIF")


def archive(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


def docx(**more: bytes) -> bytes:
    return archive({TYPES: b"<Types/>", "word/document.xml": b"<w:document/>", **more})


def xlsx(**more: bytes) -> bytes:
    return archive({TYPES: b"<Types/>", "xl/workbook.xml": b"<workbook/>", **more})


def ofd() -> bytes:
    return archive({"OFD.xml": b"<ofd:OFD/>", "Doc_0/Document.xml": b"<ofd:Document/>"})


def ole(*names: str, kind: int = 2) -> bytes:
    """An old Office file with these entries in its directory."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
    entries = b""
    for name in ("Root Entry", *names):
        spelt = name.encode("utf-16-le") + b"\0\0"
        entries += spelt.ljust(64, b"\0") + len(spelt).to_bytes(2, "little") + bytes([kind]) + b"\0" * 61
    return header + b"\xff" * 512 + entries.ljust(-(-len(entries) // 512) * 512, b"\0") + b"\0" * 512


def doc() -> bytes:
    return ole("WordDocument", "1Table")


def xls() -> bytes:
    return ole("Workbook")


GOOD = {
    "合同.pdf": PDF,
    "照片.jpg": picture(),
    "照片.jpeg": picture(),
    "截图.png": picture("PNG"),
    "苹果.heic": heic(),
    "发票.ofd": ofd(),
    "旧.doc": doc(),
    "新.docx": docx(),
    "旧.xls": xls(),
    "旧旧.xls": ole("Book"),
    "新.xlsx": xlsx(),
    "文字.wps": doc(),
    "表格.et": xls(),
    "资料.zip": archive({"合同.pdf": PDF, "图/照片.jpg": picture()}),
}


def take(store: Store, name: str | None, content: bytes) -> Received:
    (one,) = attachments.receive(store, [Sent(name, content)])
    return one


def reason(store: Store, name: str, content: bytes) -> str:
    """Why a file is refused; nothing of it may be left on the disk."""
    with pytest.raises(FilesRefused) as caught:
        attachments.receive(store, [Sent(name, content)])
    assert caught.value.field == "files"
    assert not caught.value.received
    assert not [path for path in store.root.rglob("*") if path.is_file()]
    return str(caught.value)


def endless_picture() -> bytes:
    """A PNG of a hundred bytes that says it is 30,000 pixels wide and high."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        crc = zlib.crc32(kind + content)
        return len(content).to_bytes(4, "big") + kind + content + crc.to_bytes(4, "big")

    side = (30_000).to_bytes(4, "big")
    header = chunk(b"IHDR", side + side + b"\1\0\0\0\0")
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
