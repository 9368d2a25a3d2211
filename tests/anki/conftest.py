"""The synthetic bank and the bank of this repository, built once, and collections to import them into."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from anki.collection import Collection

from tests.anki.world import REAL_BANK, Study, anki, build, import_into, listing, study_bank


@pytest.fixture
def col(tmp_path: Path) -> Iterator[Collection]:
    with anki(tmp_path) as collection:
        yield collection


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Study:
    content = study_bank(tmp_path_factory.mktemp("study") / "content")
    return Study(content, build(content), listing(content))


@pytest.fixture(scope="session")
def read_only(bank: Study, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    """A collection with the bank, for tests that only look."""
    with anki(tmp_path_factory.mktemp("anki")) as collection:
        import_into(collection, bank.package)
        yield collection


@pytest.fixture
def mine(bank: Study, tmp_path: Path) -> Path:
    """A copy of the bank's content, ledger included, that a test may edit."""
    return shutil.copytree(bank.content, tmp_path / "copy" / "content")


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Study:
    content = shutil.copytree(REAL_BANK, tmp_path_factory.mktemp("real") / "content")
    return Study(content, build(content), listing(content))
