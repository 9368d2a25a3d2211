"""`<details>`: the summary is the question, the inside its answer; or other HTML with questions and answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from generator.markup.inline import plain_text
from generator.read.document import Document
from generator.read.layouts import answer_words, question_words
from generator.read.layouts.elements import Element, Fold, Source, elements, folds, one_line, source_of
from generator.read.layouts.outline import Found, Outline, strongly_labelled
from generator.read.layouts.titles import sections_of

_QUESTION_CLASS = re.compile(r"\bclass\s*=\s*[\"'][^\"']*\b(?:question|q)\b", re.IGNORECASE)
_ANSWER_CLASS = re.compile(r"\bclass\s*=\s*[\"'][^\"']*\b(?:answer|a)\b", re.IGNORECASE)
_BLOCK_TAG = re.compile(r"<(?:div|p|li|h[1-6]|table|ul|ol)\b", re.IGNORECASE)
_BOLD_FRAME = re.compile(r"<(b|strong)>((?:(?!</?\1\b).)*)</\1>", re.IGNORECASE | re.DOTALL)
_ALL_BOLD = re.compile(r"\*\*([^*]+)\*\*")


def details(document: Document) -> Outline:
    """Folds whose summary asks."""
    source = source_of(document)
    taken: list[Found] = []
    outer: Fold | None = None
    everything = [fold for fold in folds(source) if _may_ask(fold)]
    for number, fold in enumerate(everything):
        if taken and fold.end <= (taken[-1].stop or 0):
            slipped = _slipped_in(source, outer, fold) if outer is not None else None
            if slipped is not None and (found := _of_fold(fold)) is not None:
                taken[-1] = slipped
                taken.append(found)
            continue  # inside the answer of the one before
        if _groups(fold, everything[number + 1 : number + 9]) and not question_words.asks(one_line(fold.summary)):
            continue
        found = _of_fold(fold)
        if found is not None:
            taken.append(found)
            outer = fold
    taken = _without_notes(taken)
    return Outline(tuple(taken), tuple(sections_of(document, taken)))


def _slipped_in(source: Source, outer: Fold, fold: Fold) -> Found | None:
    """The question of a fold that was closed too late: behind its answer, at the margin, stands one written just as it is.

    Both summaries must be bold and ask. A reader of the page finds the inner one among the questions once it is opened.
    """
    if fold.depth != outer.depth + 1 or outer.after - fold.after > _CLOSING:
        return None
    last = not re.sub(r"</?details>", "", source.visible[fold.after : outer.after]).strip()
    margin = not any(source.text.startswith((" ", "\t"), source.text.rfind("\n", 0, item.before) + 1) for item in (outer, fold))
    alike = all(_BOLD_SUMMARY.fullmatch(item.summary.strip()) and "?" in item.summary for item in (outer, fold))
    found = _of_fold(outer) if last and margin and alike else None
    if found is None:
        return None
    inside = outer.inside[: outer.inside.rfind(source.text[fold.before : fold.after])]
    return replace(found, inside=inside.strip("\n").rstrip(), end=fold.start, stop=fold.start)


_CLOSING = 60
"""Characters that closing tags and blank lines take at most."""
_BOLD_SUMMARY = re.compile(r"(?:<b>|<strong>|\*\*).*(?:</b>|</strong>|\*\*)", re.IGNORECASE | re.DOTALL)


def _without_notes(found: list[Found]) -> list[Found]:
    """Without what exclaims rather than asks ("Copy this to add your own!") where most of the others ask."""
    asks = [question_words.asks(item.text) for item in found]
    if sum(asks) < 0.6 * len(found):
        return found
    return [item for item, ask in zip(found, asks, strict=True) if ask or not item.text.rstrip(" *_").endswith(("!", "！"))]


def _may_ask(fold: Fold) -> bool:
    return not answer_words.says_answer(plain_text(one_line(fold.summary))) and len(fold.summary) <= 4 * question_words.LONGEST


def _groups(fold: Fold, following: Sequence[Fold]) -> bool:
    """Whether the first folds inside a fold ask, or most of them do: then it groups questions."""
    asking = [question_words.asks(one_line(later.summary)) for later in following if later.before < fold.after]
    return bool(asking) and (asking[0] or sum(asking) > 0.5 * len(asking))


def _of_fold(fold: Fold) -> Found | None:
    question, rest = _summary(fold.summary)
    if not question:
        return None
    answer = fold.inside.strip("\n").rstrip()
    return Found(question, fold.shown, fold.end, stop=fold.end, inside=answer, front=rest)


def _summary(summary: str) -> tuple[str, str]:
    """The question of a summary, and code or options that stand in it below the question."""
    lines = [line.strip() for line in summary.split("\n")]
    kept = [line for line in lines if line]
    if not kept:
        return "", ""
    if len(kept) == 1:
        return _question(kept[0]), ""
    for count in range(1, min(len(kept), 12) + 1):
        head = _question(" ".join(kept[:count]))
        if plain_text(head).rstrip(" *_").endswith(("?", "？", ":")) or (
            count < len(kept) and re.match(r"```|~~~|[-*+] |<(?:pre|ul|ol)", kept[count])
        ):
            rest = summary.split(kept[count - 1], 1)[1] if count < len(kept) else ""
            return head, rest.strip("\n") if re.search(r"\w", re.sub(r"<[^<>]*>", "", rest)) else ""
    return _question(" ".join(kept)), ""


def _question(html: str) -> str:
    """The words of a summary; bold around all of them says nothing."""
    framed = _BOLD_FRAME.fullmatch(html.strip())
    text = one_line(framed[2] if framed else html)
    whole = _ALL_BOLD.fullmatch(re.sub(r"\*\*\s*(.*?)\s*\*\*", r"**\1**", text))
    return whole[1] if whole else text


def divs(document: Document) -> Outline:
    """`<div class="question">` followed by `<div class="answer">`, a `<dl>` whose terms ask, `<p>Q: …</p><p>A: …</p>`."""
    if not any("<" in line for line in document.lines):
        return Outline(())
    source = source_of(document)
    found = [*_classes(source), *_definition_lists(source)]
    found = sorted(found or _labelled(source), key=lambda item: item.start)
    return Outline(tuple(found), tuple(sections_of(document, found)))


def _classes(source: Source) -> Iterator[Found]:
    blocks = elements(source.visible, "div|p|dt|dd|h[1-6]|section")
    for number, block in enumerate(blocks):
        if not _QUESTION_CLASS.search(block.opening):
            continue
        following = next((later for later in blocks[number + 1 : number + 40] if later.start >= block.end), None)
        answer = ""
        end = block.end
        adjoins = following is not None and not source.visible[block.end : following.start].strip()
        if following is not None and adjoins and _ANSWER_CLASS.search(following.opening):
            answer, end = source.text[following.inner_start : following.inner_end].strip(), following.end
        yield _html_found(source, block, end, answer)


def _labelled(source: Source) -> Iterator[Found]:
    """Elements that begin with `Q:`, each with those behind it from one that begins with `A:` on."""
    inner = [block for block in elements(source.visible, "div|p|li|h[1-6]") if _is_leaf(source, block)]
    question: Element | None = None
    answer: list[Element] = []
    for block in [*inner, None]:
        text = one_line(source.text[block.inner_start : block.inner_end]) if block else ""
        asks = block is not None and strongly_labelled(Found(text, 0, 1))
        if question is not None and answer and (block is None or asks or not _adjoins(source, answer[-1], block)):
            inside = "\n".join(source.text[part.start : part.end] for part in answer[1:])
            first = one_line(source.text[answer[0].inner_start : answer[0].inner_end])
            yield _html_found(source, question, answer[-1].end, f"{first}\n\n{inside}".rstrip())
            question, answer = None, []
        if asks:
            question, answer = block, []
        elif question is not None and block is not None and (answer or answer_words.answer_label(text)):
            answer.append(block)
        else:
            question = None


def _is_leaf(source: Source, block: Element) -> bool:
    return _BLOCK_TAG.search(source.visible, block.inner_start, block.inner_end) is None


def _adjoins(source: Source, before: Element, after: Element) -> bool:
    """Whether nothing but tags stands between two elements."""
    return not re.sub(r"<[^<>]*>", "", source.visible[before.end : after.start]).strip()


def _definition_lists(source: Source) -> Iterator[Found]:
    """Terms that ask, and what their definitions say; a list of plain terms is a glossary."""
    pending: list[tuple[Element, list[Element]]] = []
    for block in elements(source.visible, "dl|dt|dd"):
        if block.name == "dl":
            continue
        if block.name == "dt":
            pending.append((block, []))
        elif pending:
            pending[-1][1].append(block)
    asking = [question_words.asks(one_line(source.text[term.inner_start : _inner_end(source, term)])) for term, _ in pending]
    if sum(asking) < 0.6 * len(pending):
        return
    for term, definitions in pending:
        texts = [source.text[block.inner_start : _inner_end(source, block)].strip() for block in definitions]
        last = definitions[-1] if definitions else term
        end = max(_inner_end(source, last), last.inner_start)
        yield _html_found(source, term, end, "\n\n".join(texts))


def _inner_end(source: Source, block: Element) -> int:
    """Where a `<dt>` or `<dd>` ends: its closing tag may be left out."""
    tag = re.compile(r"</?(?:dt|dd|dl)\b", re.IGNORECASE).search(source.visible, block.inner_start, block.inner_end)
    return tag.start() if tag else block.inner_end


def _html_found(source: Source, block: Element, end: int, answer: str) -> Found:
    start, last = source.line(block.start), source.line(end - 1) + 1
    text = one_line(
        source.text[block.inner_start : min(_inner_end(source, block), block.inner_start + 4 * question_words.LONGEST)]
    )
    return Found(text, start, last, stop=last, inside=answer)
