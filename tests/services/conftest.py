"""Fixtures for tests of services beside the global ones."""

from pathlib import Path

import pytest

from assist.services.file_store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty uploads folder."""
    return Store(tmp_path / "uploads", "a secret for tests")
