"""Photos: turned upright, freed of what they tell about place, phone and time (EXIF), HEIC turned into JPEG.

A picture is written anew from its pixels, so nothing else that was in the file survives.
"""

import threading
from pathlib import Path
from typing import Any

from assist.services.file_faults import BROKEN, BadFile

MOST_PIXELS = 64_000_000
MOST_PIXELS_AT_ALL = 400_000_000
TOO_LARGE = "图片尺寸过大，请缩小后再选择。"
QUALITY = 90
_FORMATS = {"jpg": ("JPEG", "MPO"), "png": ("PNG",), "heic": ("HEIF",)}
# Decoding takes much memory: one at a time in a process.
_one_at_a_time = threading.Lock()


def rewrite(source: Path, kind: str, target: Path) -> str:
    """Write the clean picture; returns its extension (`jpg` or `png`). Raises BadFile."""
    from PIL import Image

    # Our own limit stands below; Pillow's would only warn.
    Image.MAX_IMAGE_PIXELS = None
    if kind == "heic":
        from pillow_heif import register_heif_opener

        register_heif_opener()
    try:
        with _one_at_a_time, Image.open(source, formats=_FORMATS[kind]) as image:
            return _write(image, kind, target)
    except BadFile:
        raise
    except OSError as error:
        if error.errno is not None:
            raise  # the disk's complaint, not the picture's
        raise BadFile(BROKEN) from None
    except Exception:
        # A decoder may fail in any way on a forged file.
        raise BadFile(BROKEN) from None


def _write(image: Any, kind: str, target: Path) -> str:
    from PIL import ImageOps

    _fit(image)
    profile = image.info.get("icc_profile")
    is_as_taken = image.format == "JPEG" and image.getexif().get(0x0112, 1) == 1
    upright = image if is_as_taken else ImageOps.exif_transpose(image)
    upright.load()
    if kind == "png":
        upright.info = {key: upright.info[key] for key in ("transparency",) if key in upright.info}
        upright.save(target, "PNG", icc_profile=profile, exif=b"")
        return "png"
    if upright.mode not in ("L", "RGB", "CMYK"):
        upright = upright.convert("RGB")
    quality: Any = "keep" if is_as_taken else QUALITY
    upright.info = {}
    upright.save(target, "JPEG", quality=quality, icc_profile=profile, exif=b"", comment=b"")
    return "jpg"


def _fit(image: Any) -> None:
    """Refuse what would take too much memory; a JPEG of a very fine camera is read at half its size instead."""
    if image.format in ("JPEG", "MPO") and _pixels(image) <= MOST_PIXELS_AT_ALL:
        part = 1 if _pixels(image) <= MOST_PIXELS else 2 if _pixels(image) <= 4 * MOST_PIXELS else 4
        if part > 1:
            image.draft(image.mode, (image.width // part, image.height // part))
    if not 0 < _pixels(image) <= MOST_PIXELS:
        raise BadFile(TOO_LARGE)


def _pixels(image: Any) -> int:
    width, height = image.size
    return int(width * height)
