"""Take pictures of cards in the real Anki and of PDF pages, for the README.

Needs the desktop Anki and Poppler, which are no dependencies of the project:
    pip install aqt pyqt6 pyqt6-webengine       (in an environment of its own)
    QT_QPA_PLATFORM=offscreen python tools/screenshots.py output/anki/genai-architect.apkg docs/images
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

WIDTH, HEIGHT = 760, 1040
WAIT_MS = 2500
"""MathJax and figures need a moment after a card is shown."""


def main(package: Path, target: Path) -> int:
    """Import the package into an empty profile and grab the reviewer for the first question and fact, light and night."""
    import aqt
    import aqt.profiles
    from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest
    from aqt.qt import QTimer
    from aqt.theme import Theme, theme_manager

    # A first start asks for the language in a dialogue.
    aqt.profiles.ProfileManager.setDefaultLang = lambda self, _index: self.setLang("en_US")
    base = tempfile.mkdtemp()
    sys.argv = ["anki", "-b", base, "-l", "en_US"]
    app = aqt._run(sys.argv, exec=False)
    window = aqt.mw
    if app is None or window is None:
        return 1
    target.mkdir(parents=True, exist_ok=True)
    shots: list[tuple[str, str, bool, bool]] = []

    def grab(name: str) -> None:
        window.web.eval("window.scrollTo(0, 0)")
        QTimer.singleShot(400, lambda: window.web.grab().save(str(target / f"{name}.png")))

    def start() -> None:
        request = ImportAnkiPackageRequest(package_path=str(package), options=ImportAnkiPackageOptions())
        window.col.import_anki_package(request)
        window.resize(WIDTH, HEIGHT)
        for kind, search in (("question", '"note:Interview question"'), ("fact", '"note:Interview key fact"')):
            for night in (False, True):
                for answer in (False, True):
                    shots.append((kind, search, night, answer))
        QTimer.singleShot(500, following)

    def following() -> None:
        if not shots:
            app.quit()
            return
        kind, search, night, answer = shots.pop(0)
        theme_manager.night_mode = night
        window.pm.set_theme(Theme.DARK if night else Theme.LIGHT)
        theme_manager.apply_style()
        card = window.col.get_card(sorted(window.col.find_cards(search), key=lambda cid: window.col.get_card(cid).due)[0])
        window.col.decks.set_current(card.did)
        window.moveToState("review")
        reviewer = window.reviewer
        reviewer.card = card
        reviewer._showQuestion()
        if answer:
            QTimer.singleShot(600, reviewer._showAnswer)
        name = f"card-{kind}-{'back' if answer else 'front'}-{'night' if night else 'light'}"
        QTimer.singleShot(WAIT_MS, lambda: (grab(name), QTimer.singleShot(800, following)))

    QTimer.singleShot(3000, start)
    app.exec()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
