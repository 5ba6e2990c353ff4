"""Photos: upright, without what they tell about their taker, and of bearable size."""

import io

import pytest
from PIL import Image

from assist.services import pictures
from assist.services.file_store import Store
from tests import files
from tests.files import reason, take


@pytest.mark.parametrize(("form", "name"), [("JPEG", "a.jpg"), ("PNG", "a.png"), ("HEIF", "a.heic")])
def test_what_a_photo_tells_about_its_taker_is_removed(form: str, name: str, store: Store) -> None:
    content = files.photo(form) if form != "HEIF" else files.heic()
    assert b"SecretPhone" in content
    stored = store.path(take(store, name, content).digest).read_bytes()
    assert b"Secret" not in stored
    with Image.open(io.BytesIO(stored)) as image:
        assert not image.getexif()
        assert image.size == (60, 40)


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_photo_is_turned_upright_first(form: str, store: Store) -> None:
    """Orientation 6: the camera was turned; blue, at the left in the file, is on top for who looks."""
    one = take(store, "a.png" if form == "PNG" else "a.jpg", files.photo(form, orientation=6))
    with Image.open(store.path(one.digest)) as image:
        assert image.size == (40, 60)
        top = image.convert("RGB").getpixel((20, 5))
        assert isinstance(top, tuple)
        assert top[2] > 150 > top[0]


def test_what_is_hidden_behind_a_picture_is_gone(store: Store) -> None:
    page = b"<script>alert(1)</script>" + files.archive({"setup.exe": b"MZ"})
    for name, content in (("a.jpg", files.picture()), ("a.png", files.picture("PNG"))):
        stored = store.path(take(store, name, content + page).digest).read_bytes()
        assert b"script" not in stored
        assert b"PK\x03\x04" not in stored


def test_a_picture_that_unpacks_into_the_whole_memory_is_refused(store: Store) -> None:
    assert "尺寸过大" in reason(store, "a.png", files.endless_picture())


def test_a_photo_of_a_very_fine_camera_is_made_smaller(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS", 200 * 100)
    one = take(store, "a.jpg", files.picture(size=(400, 200)))
    with Image.open(store.path(one.digest)) as image:
        assert image.size == (200, 100)
