"""Take pictures of every kind of card in the real Anki, light and night, and at a phone's width in Chromium.

Needs the desktop Anki and Chromium, which are no dependencies of the project:
    pip install aqt pyqt6 pyqt6-webengine       (in an environment of its own)
    apt install chromium
    QT_QPA_PLATFORM=offscreen python tools/screenshots.py output/anki/genai-architect.apkg pictures [docs/images]
With the last argument the README's pictures of cards are renewed there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

WIDTH, HEIGHT = 760, 1000
PHONE_WIDTH, PHONE_HEIGHT = 390, 844
LONG = 3200
"""Height of a phone's picture that shows a whole back."""
WAIT_MS = 2500
"""MathJax and figures need a moment after a card is shown."""
QUESTION, FACT, STORY = '"note:Interview question"', '"note:Interview key fact"', '"note:My story"'
README_PICTURES = {
    "card-light.png": ("question-back-light", HEIGHT),
    "card-night.png": ("question-back-night", HEIGHT),
    "card-fact.png": ("fact-front-light", 200),
}
"""File -> shot, and how many pixels from its top are shown."""


@dataclass(frozen=True)
class Shot:
    """One card to show: which note, which side, and whether its folds are open."""

    name: str
    search: str
    answer: bool
    folds: bool = False


SHOTS = (
    Shot("question-front", QUESTION, answer=False),
    Shot("question-back", QUESTION, answer=True),
    Shot("question-open", QUESTION, answer=True, folds=True),
    Shot("code-open", f'{QUESTION} "Answer:*<pre*"', answer=True, folds=True),
    Shot("table-open", f'{QUESTION} "Answer:*<table*"', answer=True, folds=True),
    Shot("figure-open", f'{QUESTION} "Answer:*<img*"', answer=True, folds=True),
    Shot("fact-front", FACT, answer=False),
    Shot("fact-back", FACT, answer=True),
    Shot("story-front", STORY, answer=False),
    Shot("story-back", STORY, answer=True, folds=True),
)
OPEN_FOLDS = "for (const fold of document.querySelectorAll('details')) fold.open = true;"


class Photographer:
    """Shows card after card in Anki's reviewer and grabs it; then hands the same cards to Chromium."""

    def __init__(self, window: object, target: Path) -> None:
        self.window = window
        self.target = target
        self.waiting = [(shot, night) for shot in SHOTS for night in (False, True)]
        self.pages: list[tuple[str, str]] = []

    def first_card(self, search: str):
        """The card of a search that is studied first; None where nothing is found."""
        col = self.window.col
        cards = [col.get_card(identity) for identity in col.find_cards(search)]
        return min(cards, key=lambda card: card.due, default=None)

    def following(self) -> None:
        """Show the next card; without one, quit."""
        from aqt.qt import QTimer
        from aqt.theme import Theme, theme_manager

        if not self.waiting:
            self.window.app.quit()
            return
        shot, night = self.waiting.pop(0)
        card = self.first_card(shot.search)
        if card is None:
            self.following()
            return
        name = f"{shot.name}-{'night' if night else 'light'}"
        self.pages.append((name, self.page(card, shot, night)))
        theme_manager.night_mode = night
        self.window.pm.set_theme(Theme.DARK if night else Theme.LIGHT)
        theme_manager.apply_style()
        self.window.col.decks.set_current(card.did)
        self.window.moveToState("review")
        reviewer = self.window.reviewer
        reviewer.card = card
        reviewer._showQuestion()
        if shot.answer:
            QTimer.singleShot(600, reviewer._showAnswer)
        if shot.folds:
            QTimer.singleShot(1200, lambda: self.window.web.eval(OPEN_FOLDS))
        QTimer.singleShot(WAIT_MS, lambda: self.grab(name))

    def grab(self, name: str) -> None:
        """Save what the reviewer shows, from its top."""
        from aqt.qt import QTimer

        self.window.web.eval("window.scrollTo(0, 0)")
        QTimer.singleShot(400, lambda: self.window.web.grab().save(str(self.target / f"desktop-{name}.png")))
        QTimer.singleShot(800, self.following)

    def page(self, card: object, shot: Shot, night: bool) -> str:
        """The card as a web page with the classes that a phone's reviewer sets."""
        classes = "card card1 mobile" + (" nightMode night_mode" if night else "")
        media, vendor = Path(self.window.col.media.dir()).as_uri(), mathjax().as_uri()
        return (
            f'<!doctype html><html class="{"night-mode" if night else ""}"><head><meta charset="utf-8"><base href="{media}/">'
            '<script>MathJax = {tex: {displayMath: [["\\\\[", "\\\\]"]], inlineMath: [["\\\\(", "\\\\)"]]}};</script>'
            f'<script src="{vendor}"></script></head><body class="{classes}"><div id="qa">'
            f"{card.answer() if shot.answer else card.question()}</div>"
            f"<script>{OPEN_FOLDS if shot.folds else ''}</script></body></html>"
        )


def mathjax() -> Path:
    """The MathJax that comes with Anki."""
    import aqt

    (found,) = (Path(aqt.__file__).parent.parent / "_aqt").rglob("mathjax/tex-chtml-full.js")
    return found


def photograph_phone(pages: list[tuple[str, str]], target: Path) -> None:
    """Take pictures of pages in Chromium, in a frame as wide as a phone (its own window can't be so narrow)."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        sys.exit("chromium is not installed, so there are no phone pictures")
    for name, html in pages:
        height = LONG if "open" in name or "back" in name else PHONE_HEIGHT
        with tempfile.TemporaryDirectory() as folder:
            page, frame = Path(folder) / "card.html", Path(folder) / "frame.html"
            page.write_text(html, encoding="utf-8")
            style = f"border: 0; width: {PHONE_WIDTH}px; height: {height}px"
            frame.write_text(f'<body style="margin: 0"><iframe src="card.html" style="{style}"></iframe>', encoding="utf-8")
            picture = target / f"phone-{name}.png"
            options = ["--headless", "--no-sandbox", "--hide-scrollbars", "--allow-file-access-from-files"]
            wait = ["--virtual-time-budget=6000", f"--window-size={max(500, PHONE_WIDTH)},{height}"]
            command = [program, *options, *wait, f"--screenshot={picture}", frame.as_uri()]
            subprocess.run(command, check=True, capture_output=True)
            crop(picture)


def crop(picture: Path) -> None:
    """Cut a picture to the phone's width."""
    from aqt.qt import QImage

    image = QImage(str(picture))
    image.copy(0, 0, PHONE_WIDTH, image.height()).save(str(picture))


def renew_readme(pictures: Path, images: Path) -> None:
    """Copy the README's pictures, cut below what they show and with their 256 commonest colours, so that they stay small."""
    from aqt.qt import QImage, Qt

    for name, (shot, height) in README_PICTURES.items():
        image = QImage(str(pictures / f"desktop-{shot}.png"))
        image = image.copy(0, 0, image.width(), min(height, image.height()))
        image = image.convertToFormat(QImage.Format.Format_RGB32)
        data = image.constBits().asstring(image.sizeInBytes())
        pixels = Counter(data[start : start + 4] for start in range(0, len(data), 4))
        colours = [int.from_bytes(pixel, sys.byteorder) for pixel, _ in pixels.most_common(256)]
        few = image.convertToFormat(QImage.Format.Format_Indexed8, colours, Qt.ImageConversionFlag.AvoidDither)
        few.save(str(images / name), quality=0)


def main(package: Path, target: Path, images: Path | None = None) -> int:
    """Import the package into an empty profile, then grab every shot of `SHOTS` in the reviewer and in Chromium."""
    import aqt
    import aqt.profiles
    from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest
    from aqt.qt import QTimer

    os.environ.setdefault("QTWEBENGINE_CHROMIUM_FLAGS", "--no-sandbox")
    # A first start asks for the language in a dialogue.
    aqt.profiles.ProfileManager.setDefaultLang = lambda self, _index: self.setLang("en_US")
    base = tempfile.mkdtemp()
    app = aqt._run(["anki", "-b", base, "-l", "en_US"], exec=False)
    window = aqt.mw
    if app is None or window is None:
        return 1
    target.mkdir(parents=True, exist_ok=True)
    photographer = Photographer(window, target)

    def start() -> None:
        request = ImportAnkiPackageRequest(package_path=str(package.resolve()), options=ImportAnkiPackageOptions())
        window.col.import_anki_package(request)
        window.resize(WIDTH, HEIGHT)
        QTimer.singleShot(500, photographer.following)

    QTimer.singleShot(3000, start)
    app.exec()
    photograph_phone(photographer.pages, target)
    if images:
        renew_readme(target, images)
    shutil.rmtree(base, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
