"""Which question of the bank does a list's question ask for? Pure: same input, same proposals.

A list says "Explain RAG", the bank asks for it at an architect's altitude; so each question of the bank is known by
its own text, by the phrases of survey/phrases.toml, by what it teaches (key points, follow-ups) and by its answer.
The features of a pair are cosines of TF-IDF vectors of words and of letters, and rapidfuzz's similarity of word sets.
A multinomial logit with the outside option "none of them" (McFadden, "Conditional logit analysis of qualitative
choice behavior", 1974) makes a probability of them:

    P(i) = exp(w·f_i) / (exp(c) + sum over j of exp(w·f_j))

The weights were fitted by `tools/fit_matcher.py`; docs/survey.md says on what, and how good it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process, utils
from sklearn.feature_extraction.text import TfidfVectorizer

from generator.markup.inline import plain_text
from generator.model import Bank, Question

Embed = Callable[[Sequence[str]], NDArray[np.float64]]
"""Texts -> their unit vectors, one a row; from a sentence-embedding model, where one is used."""

SURE = 0.9
"""Probability from which a proposal is written without asking."""
HOPELESS = 0.03
"""Probability below which a candidate is not worth showing."""
SHOWN = 5
"""Most candidates that are shown for a question."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What the features count, in the order of `features`, and the value of "none of them"."""

    values: tuple[float, ...]
    none: float


PLAIN = Weights((3.36, 3.86, 2.85, 6.18, 6.56, 4.66, 3.2), 8.07)
"""Without a sentence-embedding model."""
WITH_MODEL = Weights((1.58, 1.86, 1.45, 4.11, 3.53, 2.44, 0.62, 5.47, 6.3), 9.4)
"""With the two features of a sentence-embedding model at the end."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question of the bank that a list may ask for."""

    id: str
    probability: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the bank has for one question of a list: the likeliest first; nothing where nothing is likely."""

    text: str
    candidates: tuple[Candidate, ...]

    @property
    def sure(self) -> str | None:
        """The id that need not be asked about."""
        best = self.candidates[0] if self.candidates else None
        return best.id if best and best.probability >= SURE else None


class Matcher:
    """Finds questions of a bank, which must have some, by how others ask them."""

    def __init__(self, bank: Bank, phrases: Mapping[str, Sequence[str]], embed: Embed | None = None) -> None:
        self.ids = [question.id for question in bank.questions]
        self._embed = embed
        self._weights = WITH_MODEL if embed else PLAIN
        wordings = [(question.text, *phrases.get(question.id, ())) for question in bank.questions]
        self._units = [plain_text(wording) for group in wordings for wording in group]
        lengths = [len(group) for group in wordings]
        self._starts = np.cumsum([0, *lengths[:-1]])
        taught = [" ".join((*group, _taught(question))) for group, question in zip(wordings, bank.questions, strict=True)]
        whole = [f"{text} {_answered(question)}" for text, question in zip(taught, bank.questions, strict=True)]
        fitted = [
            (_fitted(settings, corpus), texts, per_unit)
            for settings in _ANALYZERS
            for corpus, texts, per_unit in ((taught, self._units, True), (taught, taught, False), (whole, whole, False))
        ]
        self._views = [(vectorizer, vectorizer.transform(texts), per_unit) for vectorizer, texts, per_unit in fitted]
        self._embedded = (embed(self._units), embed(taught)) if embed else None

    def propose(self, texts: Sequence[str]) -> tuple[Proposal, ...]:
        """What each of a list's questions asks for."""
        chances = probabilities(self.features(texts), self._weights)
        return tuple(Proposal(text, self._candidates(row)) for text, row in zip(texts, chances, strict=True))

    def features(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """The features of every pair: an array texts × questions × features, each 0 to 1."""
        found = []
        for vectorizer, vectors, per_unit in self._views:
            cosines = np.asarray((vectorizer.transform(texts) @ vectors.T).todense())
            found.append(self._best(cosines) if per_unit else cosines)
        words = process.cdist(texts, self._units, scorer=fuzz.token_set_ratio, processor=utils.default_process)
        found.append(self._best(np.asarray(words, dtype=np.float64)) / 100)
        if self._embed and self._embedded:
            asked = self._embed(texts)
            units, taught = self._embedded
            found += [self._best(asked @ units.T), asked @ taught.T]
        return np.stack(found, axis=2)

    def _best(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Of the values for all wordings, the highest of each question."""
        return np.maximum.reduceat(values, self._starts, axis=1)

    def _candidates(self, chances: NDArray[np.float64]) -> tuple[Candidate, ...]:
        order = sorted(range(len(self.ids)), key=lambda number: (-chances[number], number))[:SHOWN]
        found = (Candidate(self.ids[number], float(chances[number])) for number in order)
        return tuple(one for place, one in enumerate(found) if place == 0 or one.probability >= HOPELESS)


_ANALYZERS: tuple[dict[str, object], ...] = (
    {"ngram_range": (1, 2), "stop_words": "english"},
    {"ngram_range": (3, 5), "analyzer": "char_wb"},
)


def _fitted(settings: dict[str, object], corpus: Sequence[str]) -> TfidfVectorizer:
    vectorizer = TfidfVectorizer(sublinear_tf=True, **settings)  # type: ignore[arg-type]
    try:
        return vectorizer.fit(corpus)
    except ValueError:  # nothing but stop words: this view has nothing to say
        return vectorizer.fit(["wordless"])


def probabilities(features: NDArray[np.float64], weights: Weights) -> NDArray[np.float64]:
    """The chance of every question, row by row; what is missing to 1 is the chance of none (formula: module docstring)."""
    values = features @ np.asarray(weights.values)
    highest = np.maximum(values.max(axis=1, keepdims=True), weights.none)
    powers = np.exp(values - highest)
    chances: NDArray[np.float64] = powers / (powers.sum(axis=1, keepdims=True) + np.exp(weights.none - highest))
    return chances


def _taught(question: Question) -> str:
    """What a question teaches, in short: its sections, tags, short answer, key points and follow-ups."""
    parts = [question.short, question.follow_ups]
    texts = [part.markdown for part in parts if part] + [point.markdown for point in question.key_points]
    names = [question.id.replace("-", " "), *question.sections, *question.tags]
    return plain_text("\n".join([*names, *texts]))


def _answered(question: Question) -> str:
    return plain_text("\n".join(part.markdown for part in (question.body, *question.answer) if part))
