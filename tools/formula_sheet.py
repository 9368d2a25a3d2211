"""All formulas of tests/golden/formulas.md on one HTML sheet, drawn as print draws them beside their source.

    python tools/formula_sheet.py formulas.html

Open it in a browser, print it, and look: is every sign there, at its place, and of its size?
"""

from __future__ import annotations

import html
import sys
from pathlib import Path

from generator.markup.math_spans import put_aside
from generator.render.math import Undrawable, draw, print_image

SOURCE = Path(__file__).parent.parent / "tests" / "golden" / "formulas.md"
PAGE = """<!doctype html><meta charset="utf-8"><title>Formulas</title><style>
body {{ font: 12pt/1.5 Georgia, serif; margin: 2em; }}
table {{ border-collapse: collapse; }}
td {{ border-bottom: 1px solid #d5dbe1; padding: .7em 1em; vertical-align: middle; }}
code {{ font-size: 75%; overflow-wrap: anywhere; }}
.math-display {{ display: block; margin: auto; }}
.wrong {{ background: #fff0b8; }}
</style><table>{rows}</table>
"""


def main(target: Path) -> int:
    """Write the sheet; the exit code is 1 if a formula can't be drawn."""
    rows, wrong = [], 0
    for section in SOURCE.read_text(encoding="utf-8").split("\n## ")[1:]:
        title, _, text = section.partition("\n")
        for span in put_aside(text).spans:
            drawn = draw(span.tex, span.display)
            wrong += isinstance(drawn, Undrawable)
            reason = html.escape(drawn.reason) if isinstance(drawn, Undrawable) else ""
            shown = print_image(span) if span.display else f"Hxg {print_image(span)} Hxg"
            rows.append(
                f"<tr{' class=wrong' * bool(reason)}><td>{html.escape(title)}<td>{shown} {reason}"
                f"<td><code>{html.escape(span.tex)}</code>"
            )
    target.write_text(PAGE.format(rows="\n".join(rows)), encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
