"""The review file: a list's questions that the program was not sure of, for a person to decide in an editor.

It holds the list's own sentences, so it is a working paper: it is not part of the bank and is not to be published.
A question's block is its place and text, then one line an answer; a person puts an `x` between the brackets:

    alpha:12 What is chunking?
    [ ] chunking (62 %) How do you cut documents into chunks?
    [x] none
    [ ] gap:
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from generator.model import DecksError, Place, Problem, Severity, SurveyPlace
from generator.survey.match import Candidate

NONE, GAP = "none", "gap"
_HEAD = re.compile(r"([a-z0-9][a-z0-9-]*):([1-9][0-9]{0,5})\s+(\S.*)")
_ANSWER = re.compile(
    r"\[([ xX])\]\s*(?:gap:\s*(?P<topic>.*)|(?P<none>none)\s*|(?P<id>[a-z0-9-]+)(?:\s+\((?P<share>\d+) %\))?.*)"
)
_INTRODUCTION = """\
# Questions of the list "{slug}" that need a person's judgement. Working paper with the list's own words: don't publish it.
# Put an x into one pair of brackets of a question: the bank's question whose good answer would satisfy who asks this,
# "none" (the bank needn't answer it) or "gap:" and the topic in your own words (the bank should). No x: decide later.
# Then run: decks survey review {file}
"""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A list's question that the program was not sure of."""

    place: SurveyPlace
    text: str
    candidates: tuple[Candidate, ...]
    decision: str | None = None
    """A question's id, `NONE`, `GAP`, or nothing yet."""
    topic: str = ""
    """With `GAP`: what is missing."""


def decide(doubt: Doubt, answer: str) -> Doubt | None:
    """The doubt with an answer as typed: `y` (first candidate), `a` to `e`, `n` (none), `g topic`, `s` (later).

    Returns None where the answer is not one of these.
    """
    letter, _, rest = answer.strip().partition(" ")
    letter = letter.lower()
    if letter == "s":
        return replace(doubt, decision=None)
    if letter == "n":
        return replace(doubt, decision=NONE)
    if letter == "g" and rest.strip():
        return replace(doubt, decision=GAP, topic=rest.strip())
    number = 0 if letter == "y" else ord(letter) - ord("a") if len(letter) == 1 else -1
    if 0 <= number < len(doubt.candidates):
        return replace(doubt, decision=doubt.candidates[number].id)
    return None


def dump(doubts: Sequence[Doubt], wordings: Mapping[str, str], slug: str, file: str) -> str:
    """The review file of a list.

    Args:
        wordings: question id -> its text, shown beside the id.
        slug, file: the list's slug and the file's name, for the introduction.
    """
    return "\n".join([_INTRODUCTION.format(slug=slug, file=file), *("\n".join(_block(one, wordings)) + "\n" for one in doubts)])


def _block(doubt: Doubt, wordings: Mapping[str, str]) -> Iterable[str]:
    def mark(decision: str) -> str:
        return "x" if doubt.decision == decision else " "

    yield f"{doubt.place} {' '.join(doubt.text.split())}"
    for one in doubt.candidates:
        yield f"[{mark(one.id)}] {one.id} ({one.probability * 100:.0f} %) {wordings.get(one.id, '')}"
    yield f"[{mark(NONE)}] none"
    yield f"[{mark(GAP)}] gap: {doubt.topic}".rstrip()


def load(text: str, file: str, known: Iterable[str]) -> tuple[Doubt, ...]:
    """Read a review file back.

    Args:
        known: the ids of the bank; a person may write any of them.

    Raises:
        DecksError: every line that is out of form, and every question with two answers.
    """
    ids = set(known)
    problems: list[Problem] = []
    doubts: list[Doubt] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        at = Place(file, number)
        if head := _HEAD.fullmatch(line.strip()):
            doubts.append(Doubt(SurveyPlace(head[1], int(head[2])), head[3], ()))
        elif (answer := _ANSWER.fullmatch(line.strip())) and doubts:
            doubt, problem = _answered(doubts[-1], answer, at, ids)
            doubts[-1] = doubt
            problems += [problem] if problem else []
        else:
            problems.append(_error(at, "is neither a question nor an answer", 'write "list:position text" or "[x] id"'))
    if problems:
        raise DecksError(tuple(problems))
    return tuple(doubts)


def _answered(doubt: Doubt, answer: re.Match[str], at: Place, ids: set[str]) -> tuple[Doubt, Problem | None]:
    """The doubt with one more answer line read."""
    identity, topic = answer["id"], (answer["topic"] or "").strip()
    if identity is not None and answer["share"]:
        doubt = replace(doubt, candidates=(*doubt.candidates, Candidate(identity, int(answer["share"]) / 100)))
    if answer[1] == " ":
        return doubt, None
    if doubt.decision is not None:
        return doubt, _error(at, f"is a second answer to {doubt.place}", "leave one x")
    if identity is not None and identity not in ids:
        return doubt, _error(at, f'"{identity}" is no question of the bank', "correct the id; `decks list` shows them")
    if answer["topic"] is not None and not topic:
        return doubt, _error(at, "is a gap without a topic", "write the topic after gap: in your own words")
    decision = identity or (NONE if answer["none"] else GAP)
    return replace(doubt, decision=decision, topic=topic), None


def _error(at: Place, message: str, remedy: str) -> Problem:
    return Problem(at, "survey", Severity.ERROR, message, remedy)
