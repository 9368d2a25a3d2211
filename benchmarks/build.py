"""How long our pipeline takes beside a plain loop over the same libraries (Python-Markdown with highlighting, genanki).

Run `make bench`. The two take turns in processes of their own; the ratio of each pair is printed, and the median.
Options: number of questions, number of rounds.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ANSWER = """\
Answer number {n}: a queue decouples the two sides, so that each can fail alone.

#### Key points

- The consumer must be ==idempotent==, because delivery is at least once.
- Depth of queue {n} is the signal to scale on.

#### In depth

- first
  - nested with `code`
    - deeper, $x_{n}^2 < {n}$

```python
def work(item: int) -> int:
    return item + {n}  # done
```

| load | latency |
|---|---:|
| {n} | 2 ms |

Retries need a limit and a place for what keeps failing. A poison message blocks its partition otherwise, and
the operators see only a growing lag. Numbers before adjectives: say what you measured.
"""

PLAIN = """
import sys, genanki, markdown
text = open(sys.argv[1]).read()
converter = markdown.Markdown(extensions=["tables", "fenced_code", "codehilite", "sane_lists"])
model = genanki.Model(1, "m", [{"name": "q"}, {"name": "a"}], [{"name": "c", "qfmt": "{{q}}", "afmt": "{{a}}"}])
deck = genanki.Deck(2, "d")
for block in text.split("\\n### ")[1:]:
    question, _, answer = block.partition("\\n")
    deck.add_note(genanki.Note(model, [question.split(" {#")[0], converter.reset().convert(answer)]))
genanki.Package(deck).write_to_file(sys.argv[2])
"""


def bank(count: int) -> str:
    """A canonical file with that many questions."""
    questions = (f"### What is question {n} about? {{#question-{n}}}\n\n" + ANSWER.replace("{n}", str(n)) for n in range(count))
    return "# Queues\n\n" + "\n".join(questions)


def seconds(command: list[str]) -> float:
    """Wall seconds of a command."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "CI": "1"})
    return time.perf_counter() - start


def main(count: int = 500, rounds: int = 5) -> None:
    """Time both in turns and print the ratios."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "bank.md"
        source.write_text(bank(count), encoding="utf-8")
        ratios = []
        for number in range(rounds):
            output = folder / f"out{number}"
            ours = seconds([sys.executable, "-m", "generator", "build", str(source), "-o", str(output), "--only", "anki"])
            plain = seconds([sys.executable, "-c", PLAIN, str(source), str(folder / "plain.apkg")])
            ratios.append(ours / plain)
            print(f"{count} questions: ours {ours:.2f} s, plain loop {plain:.2f} s, ratio {ours / plain:.2f}")
        print(f"median ratio {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
