"""Whether a question asks: a question mark, or words that ask, in the languages that people write lists in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.check.subject import Finding, Subject, short
from generator.markup.inline import plain_text
from generator.model import Question
from generator.read.layouts import question_words

_LONG = 2000
"""So many characters of a question are looked at."""
MANY = 10
"""From so many on, questions that are most of a file are reported together."""
_CLAUSE = re.compile(r"[.:;!,()–—/]\s+|\s[-–—]\s|\s(?:and|then|to)\s")
_IMPERATIVES = frozenset(
    "true walk tell talk give show find list create argue answer recommend suggest propose "
    "determine solve rewrite refactor diagnose troubleshoot investigate interpret sketch critique explore convert "
    "reverse return simulate choose formulate specify assess examine describe characterize characterise illustrate "
    "elaborate contrast differentiate classify categorize categorise optimize optimise improve verify validate translate "
    "construct deduce infer add remove print explique explica explicar describa defina define compare compara menciona "
    "mencione enumera indique diferencie expliquez décrivez définissez comparez donnez citez présentez racontez parlez "
    "erkläre erklären erläutere erläutern beschreibe beschreiben nenne nennen vergleiche vergleichen definiere "
    "definieren descreva cite diga conte liste spiega descrivi definisci confronta elenca racconta leg beskriv förklara "
    "beskrifv forklar jelaskan sebutkan bandingkan açıkla açıklayın tanımla wyjaśnij opisz porównaj".split()
)
_ASKING_WORDS = frozenset(
    "what why how which who whom whose qué que cuál cuáles cómo cuándo dónde quién quel quelle quels quelles comment "
    "pourquoi quand quoi was wie warum wann wo wer welche welcher welches weshalb wozu qual quais como quando onde quem "
    "cosa come perché quale quali hoe waarom wat welke wanneer apa mengapa bagaimana ne nasıl neden niçin hangi co jak "
    "dlaczego kiedy czym vad hur".split()
)
"""Words that begin a question, in languages with Latin letters."""
_BEGIN_MORE = frozenset("how what when que come como was".split())
"""Those of them that begin other things as well ("How it works"); `question_words.asks` knows where English ones ask."""
_JOIN = _BEGIN_MORE | frozenset("which who whom whose where wie co ne apa per".split())
"""Those that inside a sentence join more often than they ask ("the layer which …")."""
_AUXILIARIES = frozenset("is are was were can could do does did should would will has have had might must".split())
_NO_VERBS = frozenset(
    "about above across after against along among around at before behind below beneath beside between beyond by despite "
    "down during except for from in inside into like near of off on onto out outside over past per since through "
    "throughout to toward towards under until up upon via with within without and or nor but both all each every any no "
    "not more most versus vs the a an my our your his her its their this that these those".split()
)
_OBJECT = frozenset(
    "a an the this that these those your our me us how why what whether when which if all each some any one two three four "
    "five several yourself".split()
)
_NO_IMPERATIVE = re.compile(r"(?:ing|ed|ly|(?<!s)s)$")
_COMPARISON = re.compile(
    r"\b(?:diff[eé]ren[cz]\w*|distinction|diferen[cç]i?as?|unterschiede?|differenze?|verschil)\b.*\b(?:between|entre|zwischen|tra|tussen)\b"
    r"|\S\s+v(?:ersu)?s\b\.?\s+\S|\bpros? and cons\b|\b(?:dis)?advantages? (?:and|or) ",
    re.IGNORECASE,
)
"""What everybody takes for a question though it has no verb."""
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")


def suspicious_questions(subject: Subject) -> Iterator[Finding]:
    """Questions without a question mark and a verb of asking; where they are most of a file, one finding for all."""
    by_file: dict[str, list[Question]] = {}
    for question in subject.bank.questions:
        by_file.setdefault(question.place.file, []).append(question)
    for questions in by_file.values():
        silent = [question for question in questions if not reads_as_question(question.text)]
        if len(silent) >= MANY and 2 * len(silent) > len(questions):
            first = silent[0]
            message = f'{len(silent)} of {len(questions)} questions only name a topic, such as "{short(first.text)}"'
            yield first.place, message, "say what is asked of it, or switch this rule off for the file"
            continue
        for question in silent:
            message = f'"{short(question.text)}" has no question mark and no verb of asking'
            yield question.place, message, "word it as a question, or give it more # if it belongs to the answer above"


def reads_as_question(text: str) -> bool:
    """Whether a text asks or requests, in part at least; true where it is in a language that is not known here."""
    plain = " ".join(plain_text(text).split())[:_LONG]
    letters = [character for character in plain if character.isalpha()]
    foreign = sum(_LATIN.match(letter) is None for letter in letters)
    if not letters or 5 * foreign >= len(letters) or _COMPARISON.search(plain):
        return True
    return any(_asks(clause) for clause in (plain, *_CLAUSE.split(plain)))


def _asks(clause: str) -> bool:
    words = re.findall(r"[^\W\d_][\w'’-]*", clause.lower())
    if not words:
        return False
    first, second = words[0], words[1] if len(words) > 1 else ""
    if question_words.asks(clause) or first in _IMPERATIVES or first in _ASKING_WORDS - _BEGIN_MORE:
        return True
    if first in _BEGIN_MORE and any(word in _AUXILIARIES for word in words):
        return True
    if any(word in _ASKING_WORDS - _JOIN for word in words) and len(words) >= 5:
        return True
    return second in _OBJECT and first not in _NO_VERBS and _NO_IMPERATIVE.search(first) is None
