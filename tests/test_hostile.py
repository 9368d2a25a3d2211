"""Content is text from strangers: whatever it holds, outputs stay text, and nothing outside the content is read or asked."""

from __future__ import annotations

import io
import json
import os
import re
import socket
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pikepdf
import pytest
from PIL import Image

from generator.cli import main
from generator.render.media import MediaError, MediaStore, clean_svg
from generator.render.sanitise import sanitise
from tests.conftest import Decks, Write

SECRET = b"what lies outside the content folder"
SAFE_SIZE, OUTSIDE_SIZE = (7, 5), (11, 13)

HOSTILE_TAGS = frozenset(
    "script style link meta base iframe frame frameset object embed applet form input button select textarea "
    "template noscript svg math video audio source portal marquee".split()
)
ATTRIBUTES = frozenset(
    "href title src alt width class id start type value colspan rowspan align open data-language style".split()
)
LINK = re.compile(r"(https?://|mailto:|#)")
LIVE_IN_ANKI = re.compile(r"\[(sound:|latex\]|\$\$?\]|/\$\$?\]|anki:)|\{\{|\}\}", re.IGNORECASE)

SCRIPTS = {
    "script": "<script>alert(1)</script>",
    "script-upper": "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "script-split": "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "script-slash": "<script/x>alert(1)</script/x>",
    "script-in-word": "before<script>alert(1)</script>after",
    "style": '<style>@import "http://evil.example/x.css"; body { background: url(http://evil.example/x.png) }</style>',
    "link-attachment": '<link rel=attachment href="file:///etc/passwd">',
    "link-sheet": '<link rel="stylesheet" href="http://evil.example/x.css">',
    "meta": '<meta http-equiv="refresh" content="0;url=http://evil.example/">',
    "base": '<base href="http://evil.example/">',
    "iframe": '<iframe src="http://evil.example/" srcdoc="<script>alert(1)</script>"></iframe>',
    "object": '<object data="http://evil.example/x.swf"><param name="x" value="y"></object>',
    "embed": '<embed src="file:///etc/passwd">',
    "form": '<form action="http://evil.example/"><input name="x" autofocus onfocus="alert(1)"><button>Go</button></form>',
    "svg": '<svg onload="alert(1)"><script>alert(1)</script><image href="http://evil.example/x.png"/></svg>',
    "math": '<math><mi href="javascript:alert(1)">x</mi></math>',
    "media": '<video src="http://evil.example/v.mp4" autoplay></video><audio src="http://evil.example/a.mp3"></audio>',
    "template": "<template><img src=x onerror=alert(1)></template>",
    "comment": "<!-- --!><script>alert(1)</script> -->",
    "cdata": "<![CDATA[<script>alert(1)</script>]]>",
    "processing": '<?xml-stylesheet href="http://evil.example/x.xsl"?>',
}
HANDLERS = {
    "handler": '<img src="images/safe.png" onerror="alert(1)">',
    "handler-case": '<IMG SRC="images/safe.png" OnErRoR=alert(1)>',
    "handler-bare": "<b onmouseover=alert(1)>bold</b>",
    "handler-single": "<i onclick='alert(1)'>italic</i>",
    "handler-blank": '<p onpointerenter = "alert(1)" >text</p>',
    "handler-toggle": "<details open ontoggle=alert(1)><summary>more</summary>text</details>",
    "handler-line": '<a href="https://example.org/"\nonclick="alert(1)">word</a>',
    "handler-slash": "<img/src=x/onerror=alert(1)>",
    "handler-entity": '<b on&#99;lick="alert(1)">bold</b>',
    "handler-in-alt": '![" onerror="alert(1)](images/safe.png)',
    "handler-in-title": "[word](https://example.org/ 'x\" onclick=\"alert(1)')",
    "handler-in-address": '[word](https://example.org/"onclick="alert(1))',
    "formula-in-alt": '![$" onerror="alert(1)$](images/safe.png)',
    "formula-in-title": "[word](https://example.org/ '$\" onclick=\"alert(1)$')",
    "formula-in-address": '[word](https://example.org/$"onclick="alert(1)$)',
    "formula-in-html": '<a href="https://example.org/" title=\'$" onclick="alert(1)$\'>word</a>',
    "formula-as-html": "$</script><img src=x onerror=alert(1)>$",
    "code-in-title": "[word](https://example.org/ '`\" onclick=\"alert(1)`')",
    "deep-in-title": "<b>" * 60
    + "<a title='x><img src=x onerror=alert(1)>' href='https://example.org/'>word</a>"
    + "</b>" * 60,
    "style-attribute": '<p style="background:url(http://evil.example/x.png);position:fixed">text</p>',
    "style-escaped": '<p style="background:u\\72l(http://evil.example/x.png)">text</p>',
    "class": '<p class="evil" target="_blank" ping="http://evil.example/">text</p>',
    "srcset": '<img src="images/safe.png" srcset="http://evil.example/x.png 2x">',
}
ADDRESSES = {
    "js": "[word](javascript:alert(1))",
    "js-case": "[word](JaVaScRiPt:alert(1))",
    "js-entity": "[word](java&#115;cript:alert(1))",
    "js-colon": "[word](&#106;avascript&colon;alert(1))",
    "js-blank": "[word](<java script:alert(1)>)",
    "js-escape": "[word](javascript\\:alert\\(1\\))",
    "js-percent": "[word](javascript%3Aalert(1))",
    "js-autolink": "<javascript:alert(1)>",
    "js-image": "![word](javascript:alert(1))",
    "js-image-link": "[![word](images/safe.png)](javascript:alert(1))",
    "js-reference": "[word][evil]\n\n[evil]: javascript:alert(1)",
    "js-html": '<a href="javascript:alert(1)">word</a>',
    "js-html-blank": '<a href=" &#14; javascript:alert(1)">word</a>',
    "js-html-line": '<a href="java\nscript:alert(1)">word</a>',
    "js-html-tab": '<a href="java&Tab;script:alert(1)">word</a>',
    "vbscript": '<a href="vbscript:msgbox(1)">word</a>',
    "data-link": "[word](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "data-html": '<a href="data:text/html,<script>alert(1)</script>">word</a>',
    "data-image": "![word](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+)",
    "file-link": "[word](file:///etc/passwd)",
    "file-image": "![word](file:///etc/passwd)",
    "host-link": "[word](//evil.example/x)",
    "absolute-link": "[word](/etc/passwd)",
    "parent-link": "[word](../outside.md)",
}
FILES = {
    "absolute-image": "![the words](/etc/passwd)",
    "parent-image": "![the words](../outside.png)",
    "parent-image-encoded": "![the words](%2e%2e/outside.png)",
    "parent-image-html": '<img src="images/../../outside.png" alt="the words">',
    "parent-image-backslash": "![the words](..\\outside.png)",
    "linked-image": "![the words](images/linked.png)",
    "linked-folder": "![the words](images/folder/outside.png)",
    "loop": "![the words](images/loop.png)",
    "null": "![the words](images/safe.png%00.svg)",
    "home": "![the words](~/outside.png)",
    "folder": "![the words](images)",
    "no-image": "![the words](images/fake.png)",
    "huge": "![the words](images/huge.png)",
    "absurd": "![the words](images/absurd.png)",
    "bomb": "![the words](images/bomb.svg)",
}
LIVE = {
    "sound": "[sound:x.mp3] and `[sound:y.mp3]` and\n\n```\n[sound:z.mp3]\n```",
    "latex": "[latex]\\input{/etc/passwd}[/latex] and [$]x[/$] and [$$]x[/$$]",
    "latex-code": "`[latex]x[/latex] [$]x[/$]`",
    "speech": "[anki:tts lang=en_GB]read me[/anki:tts] and [anki:play:q:0]",
    "fields": "{{Question}} {{FrontSide}} {{c1::hidden}} {{{Answer}}} {{#Link}}x{{/Link}} `{{type:Id}}`",
    "jinja": "{{ 7 * 7 }} {% include 'pdf/guide.html' %} {# gone? #} {{ config }}",
    "entities": "&#91;sound:x.mp3&#93; &#123;&#123;Question&#125;&#125; &lsqb;anki:tts]x",
    "alt": "![{{Question}} [sound:x.mp3]](images/safe.png) [word](https://example.org/ '{{Question}} [sound:x.mp3]')",
    "formula": "$x + [sound:x.mp3] + [latex]y[/latex]$ and $$ [$]x[/$] [anki:tts] \\frac{{a}}{{b}} $$",
    "forged": "\U0010ff00m0\U0010ff01 \U0010ff00b0\U0010ff01 \U0010ff03",
}
CASES = SCRIPTS | HANDLERS | ADDRESSES | FILES | LIVE

GOOD_SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="30">{}</svg>'
ENTITY_BOMB = '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'


def png(width: int, height: int, data: bytes) -> bytes:
    """A one-bit PNG that says it has this size."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


@dataclass(frozen=True)
class Note:
    """A note as it lies in a package."""

    fields: tuple[str, ...]
    tags: str


@dataclass(frozen=True)
class Package:
    """What an Anki package holds."""

    notes: tuple[Note, ...]
    decks: tuple[str, ...]
    descriptions: tuple[str, ...]
    media: dict[str, bytes]
    everything: bytes


def open_package(path: Path, scratch: Path) -> Package:
    with zipfile.ZipFile(path) as package:
        names = json.loads(package.read("media"))
        media = {name: package.read(number) for number, name in names.items()}
        everything = b"".join(package.read(name) for name in package.namelist())
        database = sqlite3.connect(package.extract("collection.anki2", scratch))
    try:
        notes = tuple(
            Note(tuple(fields.split("\x1f")), tags) for fields, tags in database.execute("SELECT flds, tags FROM notes")
        )
        decks = json.loads(database.execute("SELECT decks FROM col").fetchone()[0]).values()
    finally:
        database.close()
    ours = [deck for deck in decks if deck["id"] != 1]
    return Package(notes, tuple(deck["name"] for deck in ours), tuple(deck["desc"] for deck in ours), media, everything)


class Audit(HTMLParser):
    """Collects whatever in a piece of HTML could act or load something."""

    def __init__(self, html: str, images: frozenset[str] | None) -> None:
        super().__init__(convert_charrefs=True)
        self.images = images
        self.findings: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in HOSTILE_TAGS:
            self.findings.append(f"<{tag}>")
        for name, value in attrs:
            wrong = (
                name not in ATTRIBUTES
                or name == "style"
                or (name == "href" and not LINK.match(value or ""))
                or (name == "src" and self.images is not None and value not in self.images)
            )
            if wrong:
                self.findings.append(f"<{tag} {name}={value!r}>")

    def handle_comment(self, data: str) -> None:
        self.findings.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.findings.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.findings.append(f"<?{data}>")


def dangers(html: str, images: frozenset[str] | None = frozenset()) -> list[str]:
    """What acts or loads; `images` are the packed ones, None where sources are not resolved yet."""
    return Audit(html, images).findings


@dataclass(frozen=True)
class Built:
    """One build of every hostile case, and what it did meanwhile."""

    package: Package
    package_path: Path
    pdf: Path
    connections: tuple[object, ...]
    visitors: int

    def note(self, identity: str) -> Note:
        return next(note for note in self.package.notes if identity in note.fields)


def write_images(content: Path) -> None:
    images = content / "images"
    images.mkdir(parents=True)
    outside = content.parent / "outside"
    outside.mkdir()
    Image.new("RGB", SAFE_SIZE, "green").save(images / "safe.png")
    for path in (content.parent / "outside.png", outside / "outside.png"):
        Image.new("RGB", OUTSIDE_SIZE, "red").save(path)
        path.write_bytes(path.read_bytes() + SECRET)
    (images / "linked.png").symlink_to(content.parent / "outside.png")
    (images / "folder").symlink_to(outside, target_is_directory=True)
    (images / "loop.png").symlink_to("loop.png")
    (images / "fake.png").write_bytes(b"<script>alert(1)</script>")
    (images / "huge.png").write_bytes(png(7_000, 7_000, bytes(876 * 7_000)))
    (images / "absurd.png").write_bytes(png(100_000, 100_000, b"\0"))
    (images / "bomb.svg").write_text(ENTITY_BOMB + GOOD_SVG.format("<text>&c;</text>"))
    evil = (
        '<script>alert(1)</script><rect width="9" height="9" onclick="alert(1)" style="fill:url(http://evil.example/)"/>'
        '<image href="http://evil.example/x.png" width="9" height="9"/><use xlink:href="file:///etc/passwd#a"/>'
        '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml" onload="alert(1)">hello</body></foreignObject>'
    )
    (images / "evil.svg").write_text(GOOD_SVG.format(evil))


def hostile_bank(address: str) -> str:
    cases = CASES | {
        "svg-file": "![the words](images/evil.svg)",
        "server-image": f"![the words]({address}/image.png)",
        "server-html": f'<img src="{address}/html.png" alt="the words"><link rel="stylesheet" href="{address}/x.css">',
        "server-style": f'<p style="background: url({address}/style.png)">the words</p>',
    }
    blocks = ["# Section {{ config }} {% include 'x' %} <b onclick=alert(1)>bold</b> [sound:s.mp3]"]
    for name, markdown in cases.items():
        inline = "" if "\n" in markdown else markdown
        blocks += [
            f"### Is {name} harmless? {inline} {{#{name}}}",
            f"It is ({name}).",
            f"#### Question\n\n{markdown}",
            f"#### Key points\n\n- A ==marked== word. {inline}\n- First {inline} and then a ==mark== here.",
            f"#### In depth {inline}\n\n{markdown}\n\nAfter {name}.",
            f"#### Sources\n\n- {inline} source",
        ]
    return "\n\n".join(blocks) + "\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """Everything hostile in one bank, built while a server listens and all connections of this process are noted."""
    folder = tmp_path_factory.mktemp("hostile")
    content = folder / "content"
    write_images(content)
    with socket.socket() as server, pytest.MonkeyPatch.context() as patch:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.setblocking(False)
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        (content / "deck.toml").write_text('bank = "hostile"\ntitle = "Hostile"\n')
        (content / "10-hostile.md").write_text(hostile_bank(address), encoding="utf-8")
        connections: list[object] = []

        def refuse(*arguments: object) -> None:
            connections.append(arguments)
            raise ConnectionRefusedError

        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(socket.socket, "connect_ex", refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        patch.chdir(folder)
        assert main(["build"]) == 0
        visitors = 0
        while True:
            try:
                server.accept()[0].close()
            except BlockingIOError:
                break
            visitors += 1
        package_path = folder / "output" / "anki" / "hostile.apkg"
        package = open_package(package_path, folder)
        yield Built(package, package_path, folder / "output" / "pdf" / "study-guide.pdf", tuple(connections), visitors)


# --- the deck --------------------------------------------------------------------------------------------


def test_nothing_goes_to_the_network(built: Built) -> None:
    assert built.connections == ()
    assert built.visitors == 0


@pytest.mark.parametrize("identity", CASES)
def test_no_field_holds_anything_that_acts_or_loads(built: Built, identity: str) -> None:
    images = frozenset(built.package.media)
    notes = [note for note in built.package.notes if any(text.split("/")[0] == identity for text in note.fields)]
    assert len(notes) == 3
    assert [finding for note in notes for field in note.fields for finding in dangers(field, images)] == []


@pytest.mark.parametrize("identity", CASES)
def test_text_after_a_hostile_piece_is_kept(built: Built, identity: str) -> None:
    assert any(f"After {identity}." in field for field in built.note(identity).fields)


def test_no_field_holds_markup_that_anki_acts_on(built: Built) -> None:
    cloze = re.compile(r"\{\{c1::|\}\}")
    for note in built.package.notes:
        fact = "{{c1::" in note.fields[0]
        first = cloze.sub("", note.fields[0]) if fact else note.fields[0]
        live = [field for field in (first, *note.fields[1:]) if LIVE_IN_ANKI.search(field)]
        assert live == [], note.fields[0]


def test_a_fact_has_exactly_the_blanks_its_author_marked(built: Built) -> None:
    facts = [note.fields[0] for note in built.package.notes if "{{" in note.fields[0]]
    assert len(facts) == 2 * len(built.package.notes) / 3
    assert all(text.count("{{") == text.count("}}") == 1 for text in facts)


ODD_MARKS = {
    "address": "- Read ==all of https://example.org/x== first.",
    "formula": "- It is $a ==b== c$ here.",
    "link": "- Read [this](https://example.org/?a==b==) first.",
    "image": "- Look at ![==all==](x.png) first.",
    "title": "- Read [this](https://example.org/ '==all==') first.",
    "code": "- The code `a ==b== c` compares.",
    "tag": '- Text <a href="https://example.org/?==x==">with</a> ==marks==.',
    "across": "- A ==marked **bold== word** here.",
    "braces": "- Write ==}}== and ==a::b== and ==$x^{y^{z}}$==.",
}


@pytest.mark.parametrize("name", ODD_MARKS)
def test_marks_in_odd_places_never_break_a_card_or_the_build(name: str, write: Write, decks: Decks) -> None:
    text = f"### What is it? {{#it}}\n\nA mark.\n\n#### Key points\n\n{ODD_MARKS[name]}\n"
    folder = write({"list.md": text})
    assert decks("build", "list.md", "--only", "anki").code == 0
    package = open_package(folder / "output" / "anki" / "list.apkg", folder)
    facts = [note.fields[0] for note in package.notes if note.fields[0] != "What is it?"]
    for fact in facts:
        assert fact.count("{{c1::") == fact.count("}}") >= 1
    inside_tags = re.findall(
        r"<[^<>]*(?:\{\{|\}\}|<mark)[^<>]*>", " ".join(field for note in package.notes for field in note.fields)
    )
    assert inside_tags == []


def test_anki_itself_finds_no_sound_speech_latex_or_field_in_any_card(built: Built, tmp_path: Path) -> None:
    from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

    collection = Collection(str(tmp_path / "collection.anki2"))
    try:
        options = ImportAnkiPackageOptions()
        collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(built.package_path), options=options))
        cards = [collection.get_card(card).render_output() for card in collection.find_cards("")]
        assert len(cards) == len(built.package.notes)
        assert [tag for card in cards for tag in (*card.question_av_tags, *card.answer_av_tags)] == []
        assert [card.answer_text for card in cards if re.search(r"class=.?latex", card.question_text + card.answer_text)] == []
        assert list(collection.media.check().missing) == []
        question = next(card for card in cards if "After fields." in card.answer_text)
        assert "&#123;&#123;FrontSide&#125;&#125;" in question.answer_text
    finally:
        collection.close()


def test_jinja_markup_stays_text(built: Built) -> None:
    text = " ".join(built.note("jinja").fields)
    assert "7 * 7" in text
    assert "{% include" in text
    assert "49" not in text
    assert "Config(" not in text


def test_a_section_heading_with_markup_is_harmless_on_cards(built: Built) -> None:
    section = next(field for field in built.note("script").fields if field.startswith("Section "))
    assert dangers(section) == []
    assert "config" in section
    assert LIVE_IN_ANKI.search(section) is None


def test_only_images_inside_the_content_folder_are_packed(built: Built) -> None:
    stems = {name.rsplit("-", 1)[0] for name in built.package.media}
    assert stems == {"safe", "evil"}
    assert SECRET not in built.package.everything


def test_what_is_left_out_shows_its_words(built: Built) -> None:
    for identity in FILES:
        assert any("the words" in field for field in built.note(identity).fields), identity


def test_a_packed_drawing_has_no_script_and_no_outside_reference(built: Built) -> None:
    drawing = next(data for name, data in built.package.media.items() if name.endswith(".svg")).decode()
    assert re.findall(r"script|onclick|onload|evil\.example|passwd|foreignObject|style=|http(?!://www\.w3\.org)", drawing) == []
    assert "rect" in drawing


# --- the PDF ---------------------------------------------------------------------------------------------


def test_the_pdf_has_no_attachment_script_or_launch_action(built: Built) -> None:
    with pikepdf.open(built.pdf) as pdf:
        assert len(pdf.attachments) == 0
        names = pdf.Root.get(pikepdf.Name.Names, pikepdf.Dictionary())
        assert "/JavaScript" not in names
        assert "/EmbeddedFiles" not in names
        keys = {
            key for item in pdf.objects if isinstance(item, pikepdf.Dictionary | pikepdf.Stream) for key in dict(item.items())
        }
        assert keys.isdisjoint({"/JS", "/EF", "/AA"})


def test_links_of_the_pdf_go_to_pages_or_web_addresses_only(built: Built) -> None:
    with pikepdf.open(built.pdf) as pdf:
        actions = [note.A for page in pdf.pages for note in page.get("/Annots", []) if "/A" in note]
        kinds = {str(action.S) for action in actions}
        addresses = {str(action.URI) for action in actions if action.S == "/URI"}
    assert kinds <= {"/URI", "/GoTo"}
    assert addresses
    assert all(re.match(r"https?://", address) for address in addresses)


def test_the_pdf_shows_no_image_from_outside(built: Built) -> None:
    with pikepdf.open(built.pdf) as pdf:
        images = [item for item in pdf.objects if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image"]
        sizes = {(int(image.Width), int(image.Height)) for image in images}
    assert SAFE_SIZE in sizes
    assert OUTSIDE_SIZE not in sizes


def test_titles_in_the_pdf_keep_jinja_markup_as_text(built: Built) -> None:
    with pikepdf.open(built.pdf) as pdf, pdf.open_outline() as outline:
        titles = [str(child.title) for item in outline.root for child in item.children]
    wanted = next(title for title in titles if "Is jinja harmless?" in title)
    assert "{{ 7 * 7 }} {% include 'pdf/guide.html' %} {# gone? #} {{ config }}" in wanted.replace("\u2019", "'").replace(
        "\u2018", "'"
    )


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/x.png",
        "https://example.org/x.png",
        "HTTP://example.org/x.png",
        "ftp://example.org/x.png",
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "file://localhost/etc/passwd",
        "/etc/passwd",
        "//example.org/x.png",
        "deck-asset:../outside.png",
        "deck-asset:/etc/passwd",
        "deck-asset:other.png",
        "",
    ],
)
def test_the_pdf_writer_fetches_nothing_but_its_own_images(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from generator.emit.pdf import _fetcher

    def refuse(*arguments: object) -> None:
        pytest.fail(f"connects: {arguments}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    fetcher = _fetcher({"safe.png": b"data"})
    with pytest.raises(ValueError, match="refused"):
        fetcher.fetch(address)


def test_a_style_sheet_or_attachment_that_slipped_through_would_still_read_no_file(tmp_path: Path) -> None:
    from generator.emit.merge import merged
    from generator.emit.press import Press
    from generator.render.printed import PrintDocument

    secret = tmp_path / "secret.css"
    secret.write_bytes(b"body { color: red } /*" + SECRET + b"*/")
    html = f"""<!doctype html><html lang="en"><head><title>x</title><link rel="attachment" href="{secret.as_uri()}">
    <link rel="stylesheet" href="{secret.as_uri()}"><style>@import url("{secret.as_uri()}");</style></head>
    <body><p>text</p><img src="{secret.as_uri()}" alt=""><object data="{secret.as_uri()}"></object>
    <a rel="attachment" href="{secret.as_uri()}">file</a></body></html>"""
    document = PrintDocument(html, "", (), "x", "", "en", 1)
    with Press() as press:
        sheets = press.lay_out(document, 60)
    data = merged((sheets,), document.about)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.attachments) == 0
        assert len(pdf.pages) == 1
    assert sum("refused" in message for message in sheets.messages) >= 4
    assert SECRET not in data


# --- deep and wide ---------------------------------------------------------------------------------------

NESTED = {
    "div": "<div>" * 200 + "\n\ninnermost-div\n\n" + "</div>" * 200,
    "open": "<div><blockquote>" * 300 + "innermost-open",
    "table": "<table><tr><td>" * 80 + "innermost-table" + "</td></tr></table>" * 80,
    "list": "<ul><li>" * 120 + "innermost-list" + "</li></ul>" * 120,
    "bold": "<b>" * 400 + "innermost-bold" + "</b>" * 400,
    "details": "<details><summary>s</summary>" * 150 + "innermost-details" + "</details>" * 150,
    "stars": "*" * 400 + "innermost-stars" + "*" * 400,
    "links": "[" * 400 + "innermost-links" + "](x)" * 400,
    "span": '<table><tr><td colspan="1000000" rowspan="99999999">innermost-span</td></tr></table>',
    "columns": '<table><colgroup span="1000000"><col span="1000000"></colgroup><tr><td>innermost-columns</td></tr></table>',
    "number": '<ol start="99999999999999999999"><li value="-99999999999999999999">innermost-number</li></ol>',
}


@pytest.fixture(scope="module")
def deep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bank with everything that makes a page layout hang or crash, built in both outputs; its folder."""
    folder = tmp_path_factory.mktemp("deep")
    blocks = [f"## Is {name} laid out?\n\n{text}\n" for name, text in NESTED.items()]
    (folder / "deep.md").write_text("# Deep\n\n" + "\n".join(blocks))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert main(["build", "deep.md", "--jobs", "1"]) == 0
    return folder


@pytest.mark.parametrize("name", NESTED)
def test_deep_or_wide_html_keeps_its_words_and_both_outputs_are_written(deep: Path, name: str) -> None:
    package = open_package(deep / "output" / "anki" / "deep.apkg", deep)
    assert any(f"innermost-{name}" in field for note in package.notes for field in note.fields)
    with pikepdf.open(deep / "output" / "pdf" / "study-guide.pdf") as pdf:
        assert len(pdf.pages) > 3


NESTED_MARKDOWN = {
    "lists": "\n".join("  " * depth + f"- item {depth}" for depth in range(100)),
    "quotes": "> " * 100 + "item 99",
    "mixed": "> - " * 60 + "item 99",
}


@pytest.mark.parametrize("name", NESTED_MARKDOWN)
def test_deeply_nested_markdown_is_never_lost_without_a_word(name: str, write: Write, decks: Decks) -> None:
    folder = write({"deep.md": f"# Deep\n\n## Is it kept?\n\n{NESTED_MARKDOWN[name]}\n\nThe end.\n"})
    run = decks("build", "deep.md")
    assert run.code == 0
    package = open_package(folder / "output" / "anki" / "deep.apkg", folder)
    text = " ".join(package.notes[0].fields)
    assert "The end." in text
    assert "item 99" in text or re.search(r"deep\.md:\d+: warning: .*nested", run.err)


# --- titles ----------------------------------------------------------------------------------------------

TITLE = "Deck <script>alert(1)</script> **Bold** ![pixel](http://evil.example/x.png) {{ config }} [sound:x.mp3] a::b"


def title_bank(folder: Path, decks: Decks) -> Package:
    assert decks("build", "list.md", "--only", "anki").code == 0
    package = next((folder / "output" / "anki").glob("*.apkg"))
    return open_package(package, folder)


def test_a_title_with_markup_gives_a_deck_name_in_plain_words(write: Write, decks: Decks) -> None:
    package = title_bank(write({"list.md": f"# {TITLE}\n\n## What is it?\n\nA title.\n"}), decks)
    (name,) = package.decks
    assert "Bold" in name
    assert re.findall(r"[<>*]|::|http", name) == []


def test_an_image_in_a_title_or_section_is_never_loaded_from_the_network(write: Write, decks: Decks) -> None:
    text = f"# {TITLE}\n\n### What is it? {{#it}}\n\nA title.\n\n#### Key points\n\n- A ==title== is text.\n"
    package = title_bank(write({"list.md": text}), decks)
    assert len(package.notes) == 2
    assert [finding for note in package.notes for field in note.fields for finding in dangers(field)] == []


def test_an_image_of_the_content_in_a_section_heading_does_not_stop_the_build(write: Write, decks: Decks) -> None:
    folder = write({"list.md": "# Section ![figure](safe.png)\n\n## What is it?\n\nA section.\n"})
    Image.new("RGB", SAFE_SIZE, "green").save(folder / "safe.png")
    package = title_bank(folder, decks)
    images = frozenset(package.media)
    assert [finding for note in package.notes for field in note.fields for finding in dangers(field, images)] == []


def test_a_title_with_markup_in_deck_toml_is_text_on_cards_and_in_descriptions(write: Write, decks: Decks) -> None:
    toml = (
        'bank = "demo"\ntitle = "<img src=x onerror=alert(1)> {{ config }}"\n'
        'licence = "<script>alert(1)</script>"\nversion = "<b onclick=alert(1)>1</b>"\n'
    )
    text = "### What is it? {#it}\n\nA title.\n\n#### Key points\n\n- A ==title== is text.\n"
    folder = write({"content/deck.toml": toml, "content/list.md": text})
    assert decks("build", "--only", "anki").code == 0
    package = open_package(folder / "output" / "anki" / "demo.apkg", folder)
    assert "&lt;script&gt;" in package.descriptions[0]
    pieces = [*package.descriptions, *(field for note in package.notes for field in note.fields)]
    assert [finding for piece in pieces for finding in dangers(piece)] == []


def test_a_home_page_with_a_quote_cannot_add_a_handler_to_cards(write: Write, decks: Decks) -> None:
    toml = 'bank = "demo"\nhome_page = \'https://example.org/"onmouseover="alert(1)\'\n'
    folder = write({"content/deck.toml": toml, "content/list.md": "## What is it? {#it}\n\nA page.\n\n### More\n\nText.\n"})
    run = decks("build", "--only", "anki")
    if run.code == 1:
        assert "content/deck.toml:2" in run.err
        return
    package = open_package(folder / "output" / "anki" / "demo.apkg", folder)
    link = next(field for field in package.notes[0].fields if "example.org" in field)
    assert dangers(f'<a href="{link}">x</a>') == []


def test_hostile_front_parts_never_reach_the_contents_page_unescaped(built: Built) -> None:
    with pikepdf.open(built.pdf) as pdf, pdf.open_outline() as outline:
        count = sum(len(item.children) for item in outline.root)
    assert count == len(built.package.notes) / 3


# --- direct calls ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("html", [*SCRIPTS.values(), *HANDLERS.values()])
def test_sanitised_html_has_text_structure_and_images_only(html: str) -> None:
    clean = sanitise(f"<p>before</p>{html}<p>after</p>")
    assert dangers(clean, images=None) == []
    assert "before" in clean


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ('<a href="https://example.org/?a=1&amp;b=2">x</a>', "https://example.org/?a=1&amp;b=2"),
        ('<a href="mailto:me@example.org">x</a>', "mailto:me@example.org"),
        ('<a href="#another-question">x</a>', "#another-question"),
        ('<td colspan="3">x</td>', "<td"),
        ("<details open><summary>x</summary></details>", "<details open"),
        ("<kbd>x</kbd><sub>y</sub><del>z</del>", "<kbd>x</kbd><sub>y</sub><del>z</del>"),
    ],
)
def test_harmless_html_survives_sanitising(html: str, kept: str) -> None:
    whole = f"<table><tbody><tr>{html}</tr></tbody></table>" if html.startswith("<td") else html
    assert kept in sanitise(whole)


@pytest.mark.parametrize("span", ["0", "-1", "51", "1000000", "1e3", "3 x", ""])
def test_an_absurd_span_is_dropped(span: str) -> None:
    clean = sanitise(f'<table><tbody><tr><td colspan="{span}" rowspan="{span}">x</td></tr></tbody></table>')
    assert "span" not in clean
    assert "<td>x</td>" in clean


SVG_DIRT = {
    "script": "<script>alert(1)</script>",
    "script-href": '<script xlink:href="http://evil.example/x.js"/>',
    "handler": '<rect width="9" height="9" onload="alert(1)" ONCLICK="alert(1)"/>',
    "style": "<style>@import url(http://evil.example/x.css);</style>",
    "style-attribute": '<rect width="9" height="9" style="fill:url(http://evil.example/x)"/>',
    "fill": '<rect width="9" height="9" fill="url(http://evil.example/x#a)"/>',
    "fill-two": '<rect width="9" height="9" fill="url(#a) url(http://evil.example/x)"/>',
    "filter": '<rect width="9" height="9" filter="URL( \'//evil.example/x#a\' )"/>',
    "mask": '<rect width="9" height="9" mask="url(file:///etc/passwd#a)"/>',
    "foreign": '<foreignObject width="9" height="9"><iframe xmlns="http://www.w3.org/1999/xhtml" src="http://evil.example/"/></foreignObject>',
    "image": '<image href="http://evil.example/x.png" width="9" height="9"/>',
    "image-file": '<image xlink:href="file:///etc/passwd" width="9" height="9"/>',
    "image-data": '<image href="data:image/svg+xml;base64,PHN2Zy8+evil.example" width="9" height="9"/>',
    "use": '<use href="http://evil.example/x.svg#a"/><use xlink:href="other-evil.example.svg#a"/>',
    "link": '<a href="javascript:alert(1)"><text>evil.example</text></a>',
    "animate": '<rect id="r" width="9" height="9"/><set href="#r" attributeName="href" to="javascript:alert(1)"/>',
    "animate-two": '<rect width="9" height="9"><animate attributeName="onload" values="alert(1)"/></rect>',
    "namespace": '<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>',
    "no-namespace": '<g xmlns=""><script>alert(1)</script></g>',
    "filter-image": '<filter id="f"><feImage href="http://evil.example/x.png"/></filter>',
}


@pytest.mark.parametrize("name", SVG_DIRT)
def test_a_drawing_loses_whatever_acts_or_reaches_outside(name: str) -> None:
    clean, width = clean_svg(GOOD_SVG.format(SVG_DIRT[name] + '<circle r="3"/>').encode(), "x.svg")
    assert (
        re.findall(r"(?i)script|alert|\bon\w+=|evil\.example|passwd|foreign|style|<\w*:?image|<set|animate", clean.decode())
        == []
    )
    assert b"circle" in clean
    assert width == 40


def test_references_inside_a_drawing_stay() -> None:
    inside = '<defs><linearGradient id="a"/></defs><rect fill="url(#a)" width="9" height="9"/><use href="#b"/>'
    clean, _ = clean_svg(GOOD_SVG.format(inside).encode(), "x.svg")
    assert b'fill="url(#a)"' in clean
    assert b'href="#b"' in clean


def use_bomb() -> str:
    levels = "".join(f'<g id="l{n + 1}">' + f'<use href="#l{n}"/>' * 12 + "</g>" for n in range(9))
    return f'<g id="l0"><rect width="9" height="9"/></g>{levels}<use href="#l9"/>'


def test_drawings_that_repeat_themselves_without_bound_do_not_multiply() -> None:
    clean, _ = clean_svg(GOOD_SVG.format(use_bomb()).encode(), "x.svg")
    # Only the last <use> stands outside anything that another one repeats.
    assert len(re.findall(rb"<(?:\w+:)?use\b", clean)) <= 1


def test_a_drawing_is_the_same_whatever_other_libraries_are_loaded() -> None:
    drawing = GOOD_SVG.format('<rect width="9" height="9"/><use xlink:href="#a"/>').encode()
    before = clean_svg(drawing, "x.svg")
    try:
        # What a library that writes XML of its own does when it is loaded.
        ElementTree.register_namespace("drawing", "http://www.w3.org/2000/svg")
        assert clean_svg(drawing, "x.svg") == before
    finally:
        ElementTree.register_namespace("", "http://www.w3.org/2000/svg")


REFUSED_SVG = {
    "entities": (ENTITY_BOMB + GOOD_SVG.format("<text>&c;</text>")).encode(),
    "entities-utf16": ('<?xml version="1.0" encoding="UTF-16"?>' + ENTITY_BOMB + GOOD_SVG.format("<text>&c;</text>")).encode(
        "utf-16"
    ),
    "entities-late": ("<!--" + "x" * 5_000 + "-->" + ENTITY_BOMB + GOOD_SVG.format("<text>&c;</text>")).encode(),
    "document-type": ('<!doctype svg SYSTEM "http://evil.example/x.dtd">' + GOOD_SVG.format("")).encode(),
    "document-type-late": ("<!--" + "x" * 5_000 + '--><!DOCTYPE svg SYSTEM "http://x/x.dtd">' + GOOD_SVG.format("")).encode(),
    "many-elements": GOOD_SVG.format("<g/>" * 30_000).encode(),
    "many-uses": GOOD_SVG.format('<use href="#a"/>' * 1_000).encode(),
    "deep": GOOD_SVG.format("<g>" * 5_000 + "</g>" * 5_000).encode(),
    "html": b'<html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>',
    "broken": b"<svg><g></svg>",
    "empty": b"",
    "binary": b"\x00\x01\x02\xff",
    "encoding": b'<?xml version="1.0" encoding="nonsense"?><svg xmlns="http://www.w3.org/2000/svg"/>',
}


@pytest.mark.parametrize("name", REFUSED_SVG)
def test_a_drawing_that_cannot_be_made_safe_is_refused(name: str) -> None:
    with pytest.raises(MediaError) as caught:
        clean_svg(REFUSED_SVG[name], "x.svg")
    assert caught.value.remedy


@pytest.mark.parametrize("width", ["9" * 400, "1e999", "-5", "nan", "100%", "0x10", ""])
def test_a_drawing_with_an_absurd_width_is_taken_without_one_or_refused(width: str) -> None:
    drawing = GOOD_SVG.format("").replace('width="40"', f'width="{width}"')
    try:
        _, found = clean_svg(drawing.encode(), "x.svg")
    except MediaError:
        return
    assert found is None


@pytest.mark.parametrize(
    "kind", ["absurd.png", "huge.png", "linked.png", "folder/outside.png", "loop.png", "fake.png", "bomb.svg"]
)
def test_an_unusable_image_is_refused_with_a_remedy(kind: str, tmp_path: Path) -> None:
    content = tmp_path / "content"
    write_images(content)
    assert MediaStore(content).load("images/safe.png").width == SAFE_SIZE[0]
    with pytest.raises(MediaError) as caught:
        MediaStore(content).load(f"images/{kind}")
    assert caught.value.remedy
    assert caught.value.code == "missing-image"


def test_a_content_folder_behind_a_link_may_use_its_own_images(tmp_path: Path) -> None:
    content = tmp_path / "content"
    write_images(content)
    (tmp_path / "way").symlink_to(content, target_is_directory=True)
    assert MediaStore(tmp_path / "way").load("images/safe.png").width == SAFE_SIZE[0]


def test_a_pipe_or_device_among_the_images_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "device.png").symlink_to("/dev/zero")
    for name in ("pipe.png", "device.png"):
        with pytest.raises(MediaError):
            MediaStore(tmp_path).load(name)
