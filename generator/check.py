"""Bank -> problems. The rules and their severities are one table; docs/checks.md is made from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from markdown_it.token import Token
from rapidfuzz import fuzz, process

from generator.config import Config, load_toml, toml_line
from generator.markup import commonmark
from generator.markup.inline import marks_of, plain_text
from generator.markup.math_spans import put_aside
from generator.model import Bank, Part, Place, Problem, Question, Severity, Survey
from generator.render.math import draw
from generator.render.media import MediaError, MediaStore

NEAR = 90.0
"""Likeness (rapidfuzz ratio) from which two questions are near-duplicates."""
ALIKE = 85.0
"""Likeness from which two key facts are mixed up."""
CONFUSED = "learners mix them up; compare them in a table"
WRONG_PATH = "correct the path, or give the full address"
NO_IMAGE = "copy the image itself into the content folder"
PRONOUNS = frozenset("it its this that these those they them he she there such here both".split())
_WORD = re.compile(r"[^\W_][\w'’-]*")


@dataclass(frozen=True, slots=True)
class Subject:
    """What the rules look at; parsing is done once."""

    bank: Bank
    survey: Survey
    config: Config
    parts: tuple[tuple[Question, Part, tuple[Token, ...]], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its code, severity, what it finds, and the function that finds it."""

    code: str
    severity: Severity
    finds: str
    run: Callable[[Subject], Iterator[tuple[Place, str, str]]] | None = None
    """Yields place, message, remedy; None where reading itself finds it."""


def check(bank: Bank, survey: Survey, config: Config) -> tuple[Problem, ...]:
    """Everything that is wrong with a bank, in the order of the files: what reading found and what the rules find."""
    subject = Subject(bank, survey, config, tuple(_parsed_parts(bank)))
    found = list(bank.problems)
    for rule in RULES:
        if rule.run is not None:
            found += [Problem(place, rule.code, rule.severity, message, remedy) for place, message, remedy in rule.run(subject)]
    kept = [problem for problem in found if problem.severity is Severity.ERROR or problem.code not in config.rules_off]
    return tuple(sorted(dict.fromkeys(kept), key=lambda problem: (problem.place, problem.code, problem.message)))


def unknown_rules(config: Config, settings: Path, name: str) -> tuple[Problem, ...]:
    """Errors for codes in `[check] off` that name no rule, or one that can't be switched off."""
    warnings = {rule.code for rule in RULES if rule.severity is Severity.WARNING}
    wrong = sorted(config.rules_off - warnings)
    if not wrong:
        return ()
    line = toml_line(load_toml(settings, name)[1], "check", "off")
    remedy = "give codes of warnings; docs/checks.md lists them"
    return tuple(
        Problem(Place(name, line), "config", Severity.ERROR, f'"{code}" is no rule that can be switched off', remedy)
        for code in wrong
    )


def _parsed_parts(bank: Bank) -> Iterator[tuple[Question, Part, tuple[Token, ...]]]:
    for question in bank.questions:
        points = [Part("", point.markdown, point.place) for point in question.key_points]
        for part in (Part("", question.text, question.place), *question.parts(), *points):
            text = put_aside(part.markdown).text
            if question.definitions:
                text += "\n\n" + question.definitions
            yield question, part, tuple(commonmark.parse(text)[0])


def _repeated_ids(subject: Subject) -> Iterator[tuple[Place, str, str]]:
    first: dict[str, Place] = {}
    for question in subject.bank.questions:
        before = first.setdefault(question.id, question.place)
        if before != question.place:
            yield question.place, f'id "{question.id}" is already taken at {before}', "give one of the two another id"


def _repeated_keys(subject: Subject) -> Iterator[tuple[Place, str, str]]:
    for question in subject.bank.questions:
        first: dict[str, Place] = {}
        for point in question.key_points:
            before = first.setdefault(point.pinned_key, point.place) if point.pinned_key else point.place
            if before != point.place:
                yield point.place, f'key "{point.pinned_key}" already pins the key point at {before}', "give one another key"


def _no_answer(subject: Subject) -> Iterator[tuple[Place, str, str]]:
    for question in subject.bank.questions:
        if not question.answered:
            yield (
                question.place,
                f'question "{_short(question.text)}" has no answer, so it gets no card',
                "write the answer below it",
            )


def _unknown_needs(subject: Subject) -> Iterator[tuple[Place, str, str]]:
    known = subject.bank.by_id()
    for question in subject.bank.questions:
        for need in question.needs:
            if need not in known:
                yield question.place, f'needs "{need}", which is no question of the bank', "correct the id or remove it"


def _needs_cycles(subject: Subject) -> Iterator[tuple[Place, str, str]]:
    known = subject.bank.by_id()
    settled: set[str] = set()
    for start in subject.bank.questions:
        path: list[str] = []
        stack = [iter((start.id,))]
        while stack:
            identity = next(stack[-1], None)
            if identity is None:
                stack.pop()
                if path:
                    settled.add(path.pop())
            elif identity in path:
                cycle = " → ".join([*path[path.index(identity) :], identity])
                yield known[identity].place, f"questions need each other in a circle: {cycle}", "remove one needs="
            elif identity in known and identity not in settled:
                path.append(identity)
                stack.append(iter(known[identity].needs))


def _too_deep(subject: Subject) -> Iterator[tuple[Place, str, str]]:
    limit = commonmark.FLATTENED
    for _, part, tokens in subject.parts:
        if any(token.level >= limit for token in tokens):
            yield (
                part.place,
                f"lists or quotes are nested more than {limit // 2} deep; what lies deeper is shown flat",
                "flatten the lists or quotes",
            )


def _unknown_links(subject: Subject) -> Iterator[tuple[Place, str, str]]:
    known = set(subject.bank.by_id())
    for _, part, tokens in subject.parts:
        for token, line in commonmark.inline_tokens(tokens):
            target = str(token.attrs.get("href", "")) if token.type == "link_open" else ""
            if target.startswith("#") and target[1:] not in known:
                yield _at(part, line), f'link to "{target}", which is no question of the bank', "correct the id"


def _images(code: str) -> Callable[[Subject], Iterator[tuple[Place, str, str]]]:
    def run(subject: Subject) -> Iterator[tuple[Place, str, str]]:
        store = MediaStore(subject.bank.root)
        for _, part, tokens in subject.parts:
            for source, line in _image_sources(tokens):
                try:
                    media = store.load(source)
                except MediaError as error:
                    if error.code == code:
                        yield _at(part, line), f"{error}; its alt text is shown instead", error.remedy
                else:
                    if code == "large-image" and media.large:
                        message = f'image "{source}" has {len(media.data) / 1e6:.1f} MB'
                        yield _at(part, line), message, "scale it below 5 MB, phones will thank you"

    return run


def _image_sources(tokens: Sequence[Token]) -> Iterator[tuple[str, int]]:
    for token, line in commonmark.inline_tokens(tokens):
        if token.type == "image":
            yield str(token.attrs.get("src", "")), line
        elif token.type == "html_inline":
            yield from ((source, line) for source in _html_sources(token.content))
    for token in tokens:
        if token.type == "html_block" and token.map:
            yield from ((source, token.map[0]) for source in _html_sources(token.content))


def _html_sources(text: str) -> list[str]:
    return re.findall(r"<img\b[^>]*?\bsrc\s*=\s*[\"']?([^\"'\s>]+)", text, re.IGNORECASE)


def _formulas(subject: Subject) -> Iterator[tuple[Place, str, str]]:
    for question in subject.bank.questions:
        points = [Part("", point.markdown, point.place) for point in question.key_points]
        for part in (Part("", question.text, question.place), *question.parts(), *points):
            for span in put_aside(part.markdown).spans:
                if draw(span.tex, span.display) is None:
                    message = f"formula can't be drawn in print: {_short(' '.join(span.tex.split()))}"
                    yield _at(part, span.line), message, "check braces and macro names, or write it more simply"


def _long_short_answers(subject: Subject) -> Iterator[tuple[Place, str, str]]:
    limit = subject.config.limits.short_words
    for question in subject.bank.questions:
        if question.short and (words := count_words(question.short.markdown)) > limit:
            yield (
                question.short.place,
                f"30-second answer has {words} words, more than {limit}",
                "say the core, move the rest below",
            )


def _long_key_points(subject: Subject) -> Iterator[tuple[Place, str, str]]:
    limit = subject.config.limits.key_point_words
    for question in subject.bank.questions:
        for point in question.key_points:
            if (words := count_words(point.markdown)) > limit:
                yield point.place, f"key point has {words} words, more than {limit}", "cut it to one thing"


def _pronoun_points(subject: Subject) -> Iterator[tuple[Place, str, str]]:
    for question in subject.bank.questions:
        for point in question.key_points:
            words = _WORD.findall(plain_text(point.markdown))
            if words and words[0].lower() in PRONOUNS:
                yield point.place, f'key point begins with "{words[0]}"', "name the thing; the card stands alone"


def _long_marks(subject: Subject) -> Iterator[tuple[Place, str, str]]:
    limit = subject.config.limits.mark_words
    for question in subject.bank.questions:
        for point in question.key_points:
            for mark in marks_of(point.markdown):
                if (words := count_words(mark.text)) > limit:
                    yield point.place, f"mark has {words} words, more than {limit}", "mark only what must be exact"


def _given_away(subject: Subject) -> Iterator[tuple[Place, str, str]]:
    for question in subject.bank.questions:
        topic = plain_text(question.sections[-1]) if question.sections else subject.bank.title
        for point in question.key_points:
            marks = marks_of(point.markdown)
            rest = point.markdown
            for mark in marks:
                rest = rest.replace(f"=={mark.text}", " ", 1)
            visible = {word.lower() for word in _WORD.findall(plain_text(f"{topic} {rest}"))}
            hidden = {word.lower() for mark in marks for word in _WORD.findall(plain_text(mark.text)) if len(word) > 3}
            for word in sorted(hidden & visible):
                yield (
                    point.place,
                    f'marked word "{word}" also stands in what the card shows',
                    "reword the point or move the mark",
                )


def _unknown_survey_ids(subject: Subject) -> Iterator[tuple[Place, str, str]]:
    known = subject.bank.by_id()
    for identity, place in subject.survey.written.items():
        if identity not in known:
            yield place, f'"{identity}" is no question of the bank', "correct the id or remove the entry"


def _near_duplicates(subject: Subject) -> Iterator[tuple[Place, str, str]]:
    questions = subject.bank.questions
    texts = [" ".join(_WORD.findall(plain_text(question.text).lower())) for question in questions]
    for later, question in enumerate(questions):
        found = process.extractOne(texts[later], texts[:later], scorer=fuzz.ratio, score_cutoff=NEAR) if later else None
        if found is not None and questions[found[2]].id != question.id:
            other = questions[found[2]]
            message = f'question is {found[1]:.0f} % like the one at {other.place} ("{_short(other.text)}")'
            yield question.place, message, "join them, or say what tells them apart"


def _alike_facts(subject: Subject) -> Iterator[tuple[Place, str, str]]:
    points = [
        (point, question.id, _outside_marks(point.markdown))
        for question in subject.bank.questions
        for point in question.key_points
        if marks_of(point.markdown)
    ]
    texts = [text for _, _, text in points]
    for later, (point, identity, text) in enumerate(points):
        found = process.extractOne(text, texts[:later], scorer=fuzz.ratio, score_cutoff=ALIKE) if later else None
        if found is not None:
            other, other_id, _ = points[found[2]]
            where = f"at {other.place}" if other_id != identity else f"on line {other.place.line}"
            yield (
                point.place,
                f"key fact is {found[1]:.0f} % like the one {where} outside its mark",
                CONFUSED,
            )


def _outside_marks(markdown: str) -> str:
    for mark in marks_of(markdown):
        markdown = markdown.replace(f"=={mark.text}", " ", 1)
    return " ".join(_WORD.findall(plain_text(markdown).lower()))


def _dead_links(subject: Subject) -> Iterator[tuple[Place, str, str]]:
    for _, part, tokens in subject.parts:
        for token, line in commonmark.inline_tokens(tokens):
            target = str(token.attrs.get("href", "")) if token.type == "link_open" else ""
            path = unquote(target.split("#")[0].split("?")[0])
            if not path or re.match(r"[a-z][a-z0-9+.-]*:|//", target, re.IGNORECASE):
                continue
            if not _is_there(subject.bank.root, path):
                yield (
                    _at(part, line),
                    f'link to "{_short(target)}", which is not there',
                    WRONG_PATH,
                )


def _is_there(root: Path, path: str) -> bool:
    try:
        return (root / path.lstrip("/")).exists()
    except (OSError, ValueError):
        return False


def _blob_images(subject: Subject) -> Iterator[tuple[Place, str, str]]:
    for _, part, tokens in subject.parts:
        for source, line in _image_sources(tokens):
            if re.match(r"https?://(?:www\.)?github\.com/[^/]+/[^/]+/blob/", source) and "raw=" not in source:
                yield (
                    _at(part, line),
                    f'image "{_short(source)}" is a web page about the image',
                    NO_IMAGE,
                )


def _wide_rows(subject: Subject) -> Iterator[tuple[Place, str, str]]:
    for _, part, tokens in subject.parts:
        lines = part.markdown.split("\n")
        for token in tokens:
            if token.type == "table_open" and token.map:
                first, last = token.map[0], min(token.map[1], len(lines))
                cells = _cells(lines[first]) if first < last else 0
                for number in range(first + 2, last):
                    if (count := _cells(lines[number])) > cells:
                        message = f"table row has {count} cells, its head {cells}; the rest is not shown"
                        yield _at(part, number), message, "write a | inside code or math as \\|"


def _cells(row: str) -> int:
    bare = re.sub(r"^[\s>]*\|?|\|?\s*$", "", row)
    return len(re.findall(r"(?<!\\)\|", bare)) + 1


def count_words(markdown: str) -> int:
    """Words as a reader counts them; a formula counts as one."""
    text = plain_text(re.sub("\U0010ff00m[0-9]+\U0010ff01", " formula ", put_aside(markdown).text))
    return len(_WORD.findall(text))


def _at(part: Part, line: int) -> Place:
    return Place(part.place.file, part.place.line + line)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


ERROR, WARNING = Severity.ERROR, Severity.WARNING
RULES: tuple[Rule, ...] = (
    Rule("unreadable", ERROR, "a file that can't be read as text"),
    Rule("config", ERROR, "a wrong value or unknown setting in deck.toml"),
    Rule("survey", ERROR, "a wrong value in survey/lists.toml or survey/asked.toml"),
    Rule("ledger", ERROR, "a ledger that is broken or holds a merge conflict"),
    Rule("template", ERROR, "a template of your own that is wrong or names something unknown"),
    Rule("pdf", ERROR, "a layout that fails or takes too much time or memory"),
    Rule("returned-id", ERROR, "the id of a removed question on a different one"),
    Rule("repeated-id", ERROR, "an id that two questions carry", _repeated_ids),
    Rule("repeated-key", ERROR, "a `{#key}` that two key points of one question carry", _repeated_keys),
    Rule("missing-id", ERROR, "a heading at the questions' level without `{#id}`"),
    Rule("bad-attribute", ERROR, "an unknown or wrong attribute in `{#id …}`"),
    Rule("mixed-level", ERROR, "question headings of different levels in one file"),
    Rule("empty-question", ERROR, "a heading that holds an id but no question"),
    Rule("no-answer", WARNING, "a question without an answer; it gets no card", _no_answer),
    Rule("unclosed-fence", WARNING, "a code fence that is never closed"),
    Rule("mojibake", WARNING, "characters decoded wrongly and saved (UTF-8 read as Latin-1); repaired for the outputs"),
    Rule("no-question", WARNING, "a file in which no question is found"),
    Rule("duplicate", WARNING, "a question that stands twice, word for word with its answer; taken once"),
    Rule("placeholder", WARNING, 'an answer that says no more than "TODO" or "Answer here"; taken as none'),
    Rule("edited", WARNING, "an imported question that was edited, so its source's new text was not taken over"),
    Rule("vanished", WARNING, "an imported question that its source no longer holds; it is kept"),
    Rule("image-differs", WARNING, "an image of an import whose name is taken by another one"),
    Rule("part-twice", WARNING, "two parts of one question with the same reserved heading"),
    Rule("empty-part", WARNING, "a heading inside a question with nothing below it"),
    Rule("lost-text", WARNING, "text outside any question, which no output shows"),
    Rule(
        "missing-image", WARNING, "an image that is missing, unreadable or outside the content folder", _images("missing-image")
    ),
    Rule("remote-image", WARNING, "an image on the network", _images("remote-image")),
    Rule("too-deep", WARNING, "lists or quotes nested so deep that outputs show them flat", _too_deep),
    Rule("large-image", WARNING, "an image over 5 MB", _images("large-image")),
    Rule("formula", WARNING, "a formula that can't be drawn in print", _formulas),
    Rule("print", WARNING, "something the page layout could not use"),
    Rule("unknown-link", WARNING, "a link `#id` to a question that is not there", _unknown_links),
    Rule("unknown-needs", WARNING, "`needs=` with an id that is not there", _unknown_needs),
    Rule("needs-cycle", WARNING, "questions that need each other in a circle", _needs_cycles),
    Rule("unknown-question", WARNING, "a survey entry for a question that is not there", _unknown_survey_ids),
    Rule("near-duplicate", WARNING, "two questions that are 90 % alike", _near_duplicates),
    Rule("dead-link", WARNING, "a relative link to a file that is not there", _dead_links),
    Rule("blob-image", WARNING, "an image whose address is a page of a code host, not the image", _blob_images),
    Rule("wide-row", WARNING, "a table row with more cells than the head", _wide_rows),
    Rule("long-short-answer", WARNING, "a 30-second answer of more than 75 words", _long_short_answers),
    Rule("long-key-point", WARNING, "a key point of more than 25 words", _long_key_points),
    Rule("pronoun", WARNING, "a key point that begins with a pronoun", _pronoun_points),
    Rule("long-mark", WARNING, "a `==mark==` of more than six words", _long_marks),
    Rule("alike-facts", WARNING, "two key facts that are 85 % alike outside their marks", _alike_facts),
    Rule("given-away", WARNING, "a marked word that the card shows elsewhere", _given_away),
)
