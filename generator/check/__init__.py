"""Bank -> problems. The rules and their severities are one table; docs/checks.md is made from it.

The rules stand in modules by subject. What only the reader of a file can see, it finds itself
(`generator.read.document`, `generator.read.faults`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from generator.check import asking, links, questions, study, text
from generator.check.study import count_words
from generator.check.subject import Finding, Subject
from generator.config import Config, load_toml, toml_line
from generator.model import Bank, Place, Problem, Severity, Survey

__all__ = ["RULES", "Rule", "check", "count_words", "wrong_switches"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its code, severity, what it finds, and the function that finds it."""

    code: str
    severity: Severity
    finds: str
    run: Callable[[Subject], Iterator[Finding]] | None = None
    """Yields place, message, remedy; None where reading itself finds it."""


def check(bank: Bank, survey: Survey, config: Config) -> tuple[Problem, ...]:
    """Everything that is wrong with a bank, in the order of the files: what reading found and what the rules find."""
    subject = Subject.of(bank, survey, config)
    found = list(bank.problems)
    for rule in RULES:
        if rule.run is not None:
            found += [Problem(place, rule.code, rule.severity, message, remedy) for place, message, remedy in rule.run(subject)]
    kept = [problem for problem in found if problem.severity is Severity.ERROR or not _off(problem, config)]
    return tuple(sorted(dict.fromkeys(kept), key=lambda problem: (problem.place, problem.code, problem.message)))


def _off(problem: Problem, config: Config) -> bool:
    in_file = config.rules_off_in.get(PurePath(problem.place.file).name, frozenset())
    return problem.code in config.rules_off or problem.code in in_file


def wrong_switches(config: Config, files: Sequence[Path], settings: Path, name: str) -> tuple[Problem, ...]:
    """Errors for what `[check]` names and is not there, or can't be switched off.

    Args:
        files: the bank's question files, which `[check.files]` may name.
        settings: deck.toml.
        name: its name in messages.
    """
    if not config.rules_off and not config.rules_off_in:
        return ()
    text = load_toml(settings, name)[1]
    problems = list(_wrong_codes(config.rules_off, name, toml_line(text, "check", "off")))
    known = {path.name for path in files}
    for file, codes in config.rules_off_in.items():
        line = toml_line(text, "check.files", file) or toml_line(text, "check", "files")
        problems += _wrong_codes(codes, name, line)
        if file not in known:
            message = f'"{file}" is no question file of this folder'
            remedy = "give its name without the folder: " + (", ".join(sorted(known)[:10]) or "there is none")
            problems.append(Problem(Place(name, line), "config", Severity.ERROR, message, remedy))
    return tuple(problems)


def _wrong_codes(codes: frozenset[str], name: str, line: int) -> Iterator[Problem]:
    for code in sorted(codes - {rule.code for rule in RULES if rule.severity is Severity.WARNING}):
        message = f'"{code}" is no rule that can be switched off'
        remedy = "give codes of warnings; docs/checks.md lists them"
        yield Problem(Place(name, line), "config", Severity.ERROR, message, remedy)


ERROR, WARNING = Severity.ERROR, Severity.WARNING
RULES: tuple[Rule, ...] = (
    Rule("unreadable", ERROR, "a file that can't be read as text"),
    Rule("config", ERROR, "a wrong value or unknown setting in deck.toml or stories.toml"),
    Rule("survey", ERROR, "a wrong value in a file of survey/"),
    Rule("numbers", ERROR, "a wrong value in numbers.toml"),
    Rule("ledger", ERROR, "a ledger that is broken or holds a merge conflict"),
    Rule("template", ERROR, "a template of your own that is wrong or names something unknown"),
    Rule("pdf", ERROR, "a layout that fails or takes too much time or memory"),
    Rule("package", ERROR, "a package that is not whole when it is opened again"),
    Rule("returned-id", ERROR, "the id of a removed question on a different one"),
    Rule("repeated-id", ERROR, "an id that two questions carry", questions.repeated_ids),
    Rule("repeated-key", ERROR, "a `{#key}` that two key points of one question carry", questions.repeated_keys),
    Rule("missing-id", ERROR, "a heading at the questions' level without `{#id}`"),
    Rule("bad-attribute", ERROR, "an unknown or wrong attribute in `{#id …}`"),
    Rule("mixed-level", ERROR, "question headings of different levels in one file"),
    Rule("empty-question", ERROR, "a heading that holds an id but no question"),
    Rule("no-answer", WARNING, "a question without an answer; it gets no card", questions.no_answer),
    Rule(
        "suspicious-question",
        WARNING,
        "a question without question mark and verb of asking",
        asking.suspicious_questions,
    ),
    Rule("numbering", WARNING, "a question's number that is missing, stands twice or goes back"),
    Rule("heading-level", WARNING, "a heading off the level of its like, with more than six `#`, or with no blank behind them"),
    Rule("unclosed-fence", WARNING, "a code fence that is never closed"),
    Rule("stray-fence", WARNING, "a fence that opens where it looks like closing, or has text where it should close"),
    Rule("unbalanced", WARNING, "`**` that is shown as stars, or `$$`, `\\(`, `\\[` that begins no formula"),
    Rule("html-block", WARNING, "HTML that is never closed, or that swallows a heading"),
    Rule("broken-table", WARNING, "a table without a line of dashes that fits its head"),
    Rule("stray-marker", WARNING, "an empty list item, a list mark in a heading, a label twice"),
    Rule("cut-sentence", WARNING, "a sentence that a blank line cuts in two"),
    Rule(
        "mojibake",
        WARNING,
        "characters decoded wrongly and saved (UTF-8 read as Latin-1), repaired for the outputs; lost ones",
    ),
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
        "missing-image",
        WARNING,
        "an image that is missing, unreadable or outside the content folder",
        links.images("missing-image"),
    ),
    Rule("remote-image", WARNING, "an image on the network", links.images("remote-image")),
    Rule("too-deep", WARNING, "lists or quotes nested so deep that outputs show them flat", text.too_deep),
    Rule("large-image", WARNING, "an image over 5 MB", links.images("large-image")),
    Rule("formula", WARNING, "a formula that can't be drawn in print, or a macro that cards don't know", text.formulas),
    Rule("bare-number", WARNING, "a mere number in dollars, which is no formula and shows them", text.bare_numbers),
    Rule("glyph", WARNING, "characters that no font of print has (most emoji, Chinese, Japanese, Korean)", text.missing_glyphs),
    Rule("print", WARNING, "something the page layout could not use"),
    Rule("unknown-link", WARNING, "a link `#id` to a question that is not there", links.unknown_links),
    Rule("unknown-needs", WARNING, "`needs=` with an id that is not there", questions.unknown_needs),
    Rule("needs-cycle", WARNING, "questions that need each other in a circle", questions.needs_cycles),
    Rule("unknown-question", WARNING, "a survey entry for a question that is not there", questions.unknown_survey_ids),
    Rule("near-duplicate", WARNING, "two questions that are 90 % alike", questions.near_duplicates),
    Rule("dead-link", WARNING, "a relative link to a file that is not there", links.dead_links),
    Rule("blob-image", WARNING, "an image whose address is a page of a code host, not the image", links.blob_images),
    Rule("alt-text", WARNING, "an image whose alt text says nothing", links.undescribed_images),
    Rule("wide-row", WARNING, "a table row with more cells than the head", text.wide_rows),
    Rule("long-short-answer", WARNING, "a 30-second answer of more than 75 words", study.long_short_answers),
    Rule("long-key-point", WARNING, "a key point of more than 25 words", study.long_key_points),
    Rule("pronoun", WARNING, "a key point that begins with a pronoun", study.pronoun_points),
    Rule("long-mark", WARNING, "a `==mark==` of more than six words", study.long_marks),
    Rule("odd-hint", WARNING, "a mark with more than one `|`", text.odd_hints),
    Rule("alike-facts", WARNING, "two key facts that are 85 % alike outside their marks", study.alike_facts),
    Rule("given-away", WARNING, "a marked word that the card shows elsewhere", study.given_away),
)
