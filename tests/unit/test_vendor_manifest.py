"""What others wrote and we ship unchanged: every file is the one the manifest names, with its licence.

Not here: whether pages use these files.
"""

import hashlib
import json
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[2] / "static" / "vendor"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))


def files_of(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_every_vendored_file_is_the_one_the_manifest_names() -> None:
    for name, package in MANIFEST.items():
        for path, expected in package["sha256"].items():
            found = hashlib.sha256((VENDOR / name / path).read_bytes()).hexdigest()
            assert found == expected, f"{name}/{path} differs from the manifest"


def test_nothing_lies_beside_the_manifest() -> None:
    assert {folder.name for folder in VENDOR.iterdir() if folder.is_dir()} == set(MANIFEST)
    for name, package in MANIFEST.items():
        assert files_of(VENDOR / name) == set(package["sha256"])


def test_every_package_says_its_source_and_brings_its_licence() -> None:
    for name, package in MANIFEST.items():
        project, _, version = name.rpartition("-")
        assert package["source"] == f"npm {project}@{version}"
        assert package["licence"]
        assert "LICENSE" in package["sha256"]
