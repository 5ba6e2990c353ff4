"""Small real files for the demo world: a few drawn pictures and one-page PDFs, stored as any upload is."""

from dataclasses import dataclass, field
from io import BytesIO
from random import Random
from time import struct_time

from assist.services import attachments
from assist.services.attachments import Received
from assist.services.file_store import Store

PHOTOS = ("现场照片.jpg", "设备铭牌.jpg", "厂区位置示意图.png", "回执截图.png")
SHEETS = ("合同首页.pdf", "缴费单.pdf", "对账单.pdf", "情况说明.pdf")
SEALED = "督办单（盖章扫描件）.pdf"
EACH = 4
MADE_AT = struct_time((2024, 11, 20, 9, 0, 0, 2, 325, 0))


@dataclass
class Sent:
    """A file as an entrance hands it over."""

    filename: str
    stream: BytesIO


@dataclass
class Papers:
    """Every kind in a few versions, made once; a world may show one of them several times."""

    store: Store
    made: dict[tuple[str, int], Received] = field(default_factory=dict)

    def some(self, rng: Random) -> list[Received]:
        """One to three different files."""
        names = rng.sample(PHOTOS + SHEETS, k=rng.choice([1, 1, 2, 3]))
        return [self._one(name, rng.randrange(EACH)) for name in names]

    def sealed(self, version: int) -> Received:
        """A letter as it comes back from the seal."""
        return self._one(SEALED, version)

    def _one(self, name: str, version: int) -> Received:
        key = (name, version)
        if key not in self.made:
            kind = name.rsplit(".", 1)[1]
            stream = _drawn(Random(f"{name}:{version}"), {"jpg": "JPEG", "png": "PNG", "pdf": "PDF"}[kind])
            self.made[key] = attachments.receive(self.store, [Sent(name, stream)])[0]
        return self.made[key]


def _drawn(rng: Random, kind: str) -> BytesIO:
    """A picture of lines and boxes: a page with ruled text, or a yard with buildings."""
    from PIL import Image, ImageDraw

    is_page = kind == "PDF"
    size = (420, 594) if is_page else (640, 420)
    image = Image.new("RGB", size, (252, 251, 247) if is_page else (214, 224, 230))
    draw = ImageDraw.Draw(image)
    if is_page:
        draw.rectangle((110, 40, 310, 58), fill=(60, 60, 60))
        for row in range(90, 540, 22):
            draw.rectangle((50, row, rng.randint(220, 370), row + 7), fill=(150, 150, 150))
        draw.ellipse((250, 450, 340, 540), outline=(190, 40, 40), width=5)
    else:
        draw.rectangle((0, 300, 640, 420), fill=(168, 160, 146))
        for left in range(20, 600, rng.choice([110, 130, 150])):
            top = rng.randint(120, 230)
            draw.rectangle(
                (left, top, left + 90, 310), fill=(rng.randint(120, 180),) * 3, outline=(90, 90, 90)
            )
            for window in range(left + 10, left + 80, 20):
                draw.rectangle((window, top + 20, window + 10, top + 40), fill=(90, 120, 150))
    stream = BytesIO()
    # A PDF bears the time of its making, which must not tell two worlds apart.
    image.save(stream, kind, **({"creationDate": MADE_AT, "modDate": MADE_AT} if is_page else {}))
    stream.seek(0)
    return stream
