"""Bad input of every kind names its place and what to do, and leaves no broken package."""

from __future__ import annotations

import json
import os
import re
import struct
import zlib
from collections.abc import Callable

import pytest
from anki.collection import Collection

from tests.anki.world import import_into, notes_of, png
from tests.conftest import DECK, QUESTION, Decks, Write

OTHER = QUESTION.replace("What is a deck?", "Why does the moon turn?").replace("A stack of cards.", "It was born turning.")


def png_of_bytes(size: int) -> bytes:
    """A valid picture with random bytes in a chunk that no program shows, so that nothing makes it smaller."""
    small = png("navy")
    end = small.rindex(b"IEND") - 4
    noise = b"teSt" + os.urandom(size)
    chunk = struct.pack(">I", size) + noise + struct.pack(">I", zlib.crc32(noise))
    return small[:end] + chunk + small[end:]


def test_a_removed_id_that_returns_for_a_different_question(write: Write, decks: Decks) -> None:
    folder = write({"content/deck.toml": DECK, "content/a.md": QUESTION, "content/b.md": QUESTION.replace("#deck", "#other")})
    assert decks("build").code == 0
    (folder / "content/b.md").unlink()
    assert decks("build").code == 0
    before = (folder / "output/anki/demo.apkg").read_bytes()
    (folder / "content/b.md").write_text(OTHER.replace("#deck", "#other"))
    for command in ("build", "check"):
        result = decks(command)
        assert result.code == 1
        told = result.err + result.out
        assert "content/b.md:3: error" in told
        assert 'id "other" belonged to a removed question ("What is a deck?")' in told
        assert 'give the new question an id of its own, or delete the id\'s entry under "removed" in the ledger' in told
    assert (folder / "output/anki/demo.apkg").read_bytes() == before


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda text: "<<<<<<< ours\n" + text, ":1: error: the ledger holds a merge conflict; run `decks ledger merge`"),
        (lambda text: text[:-5], ": error: the ledger is not valid JSON"),
        (lambda text: text.replace('"version": 1', '"version": 9'), ": error: the ledger is out of form"),
        (
            lambda text: text.replace('"demo"', '"other"'),
            ':3: error: the ledger belongs to bank "other", the content is "demo"',
        ),
        (lambda text: text.replace('"removed"', '"gone"'), ": error: the ledger is out of form"),
    ],
    ids=["conflict", "cut", "version", "bank", "table"],
)
def test_a_spoiled_ledger_stops_the_build(write: Write, decks: Decks, spoil: Callable[[str], str], message: str) -> None:
    folder = write({"content/deck.toml": DECK, "content/a.md": QUESTION})
    assert decks("build", "--only", "anki").code == 0
    package, ledger = folder / "output/anki/demo.apkg", folder / "content/ledger.json"
    before = package.read_bytes()
    ledger.write_text(spoil(ledger.read_text()))
    spoiled = ledger.read_text()
    result = decks("build", "--only", "anki")
    assert result.code == 1
    first = next(line for line in result.err.splitlines() if "content/ledger.json" in line)
    assert re.sub(r":\d+: error: the ledger is not", ": error: the ledger is not", first).startswith(
        f"content/ledger.json{message}"
    )
    assert (package.read_bytes(), ledger.read_text()) == (before, spoiled)


@pytest.mark.parametrize("bank", ["Demo", "de mo", "-demo", "d" * 65, "démo", ""])
def test_a_banks_name_out_of_form_is_an_error_with_its_line(write: Write, decks: Decks, bank: str) -> None:
    folder = write({"content/deck.toml": f'title = "T"\nbank = "{bank}"\n', "content/a.md": QUESTION})
    result = decks("build")
    assert result.code == 1
    assert result.err.startswith(f'content/deck.toml:2: error: bank is "{bank}"'[:70])
    assert "give a slug: a-z, 0-9 and -, at most 64 characters" in result.err
    assert not (folder / "output").exists()


@pytest.mark.parametrize("identity", ["Deck", "a_b", "-a", "d" * 65, "ä"])
def test_an_id_out_of_form_is_an_error_with_its_line(write: Write, decks: Decks, identity: str) -> None:
    folder = write({"content/deck.toml": DECK, "content/a.md": QUESTION.replace("#deck", f"#{identity}")})
    result = decks("build")
    assert result.code == 1
    assert re.search(r"^content/a\.md:3: error: .+; .+", result.err, re.MULTILINE), result.err
    assert not (folder / "output").exists()


def test_an_image_over_5_mb_is_a_warning_and_the_package_is_whole(col: Collection, write: Write, decks: Decks) -> None:
    text = QUESTION.replace("A stack of cards.", "A stack:\n\n![big](big.png)")
    folder = write({"content/deck.toml": DECK, "content/a.md": text, "content/big.png": png_of_bytes(5_000_000)})
    result = decks("build", "--only", "anki")
    assert result.code == 0
    assert 'content/a.md:7: warning: image "big.png" has 5.0 MB; scale it below 5 MB, phones will thank you' in result.err
    import_into(col, folder / "output/anki/demo.apkg")
    assert list(col.media.check().missing) == []
    assert decks("build", "--only", "anki", "--strict").code == 1


def test_an_image_over_20_mb_is_left_out_with_a_warning(col: Collection, write: Write, decks: Decks) -> None:
    text = QUESTION.replace("A stack of cards.", "A stack:\n\n![big](big.png)")
    folder = write({"content/deck.toml": DECK, "content/a.md": text, "content/big.png": b""})
    with (folder / "content/big.png").open("wb") as file:
        file.truncate(20_000_001)
    result = decks("build", "--only", "anki")
    assert result.code == 0
    assert 'content/a.md:7: warning: image "big.png" is over 20 MB; its alt text is shown instead' in result.err
    import_into(col, folder / "output/anki/demo.apkg")
    assert "<img" not in notes_of(col)["deck"]["Short answer"]


def test_a_build_of_a_part_remembers_what_it_did_not_build(write: Write, decks: Decks) -> None:
    folder = write({"content/deck.toml": DECK, "content/a.md": QUESTION, "content/b.md": OTHER.replace("#deck", "#moon")})
    assert decks("build").code == 0
    (folder / "content/b.md").unlink()
    for options in (("--top", "1"), ("--section", "Topic"), ("--only", "anki")):
        assert decks("build", *options).code == 0
        ledger = json.loads((folder / "content/ledger.json").read_text())
        assert "moon" in ledger["questions"], options
        assert ledger["removed"] == {}
