"""What tells an answer: its label, a fold or an option that says so, and what stands where one is to be written."""

from __future__ import annotations

import re

from generator.markup.inline import plain_text
from generator.read.layouts.noise import is_noise
from generator.read.layouts.question_words import LONGEST

_PLACEHOLDERS = (
    r"answers?(?: (?:here|goes here|pending|coming soon|to be added|not available))?",
    r"(?:add|insert|write|type|put|enter)? ?(?:your|an|the)? ?answer(?: here)?",
    r"to[- ]?do|tbd|tba|wip|work in progress|in progress|under construction|coming soon|placeholder|pending",
    r"to be (?:completed|added|done|written|determined|answered|filled(?: in)?|updated|continued)(?: soon| later)?",
    r"not (?:yet )?(?:answered|written|available)(?: yet)?|no answer(?: yet)?|none yet|fill (?:me|this) in",
    r"n/?a|xxx+|lorem ipsum.*|\.{2,}|…|-+|_+|\?+",
)
_TO_FILL = re.compile(
    r"\s*\[(?:brief|short|insert|add|write|describe|explain|your|enter|fill|provide|give|put|to be)\b[^\[\]\n]*\]\.?\s*",
    re.IGNORECASE,
)
"""`[Brief description of the project]`, as templates have it; a link would go on with its address."""
_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?(?=\S)")
_PLACEHOLDER = re.compile(rf"[\s*_(\[<>:.…-]*(?:{'|'.join(_PLACEHOLDERS)})?[\s*_)\]<>:.!…-]*", re.IGNORECASE)
_CODE_TO_WRITE = re.compile(
    r"\s*(```|~~~)[ \t]*[\w+#.-]{0,20}[ \t]*\n\s*(?://+|\#+|--|;+|%+|/\*+|<!--)?[ \t]*"
    r"(?:(?:write |put |add |type |enter |insert )?(?:your )?(?:answer|solution|code"
    r"|implementation)s?(?: (?:goes )?here)?|to[- ]?do"
    r"|답변|답|回答|答案|解答|antwort|respuesta|réponse|resposta|risposta|ответ|відповідь|odpowiedź|cevap|jawaban|trả lời)"
    r"[ \t]*[.:…!]*[ \t]*(?:\*/|-->)?\s*\1\s*",
    re.IGNORECASE,
)
"""A block of code that holds nothing but a remark where the answer is to be written: `// answer`."""
PLAIN_ANSWER = "answer|ans|réponse|reponse|respuesta|antwort|resposta|risposta|odpowiedź|ответ|答案|回答|답변|cevap|jawaban"
ANSWER_WORDS = (
    "answers?|ans|solution|sol|response|explanation|rationale|rationali[sz]ation|lösung|solución|solução|soluzione"
    "|решение|çözüm|"
    "réponse|reponse|respuesta|antwort|resposta|risposta|odpowiedź|ответ|"
    "答案|答|回答|解答|解析|답변|답|cevap|jawaban|उत्तर|الجواب|الإجابة|תשובה|svar|vastaus"
)
_OPEN, _CLOSE = r"(?:\*\*|__|\*|<b>|<strong>|<i>|<em>)?", r"(?:\*\*|__|\*|</b>|</strong>|</i>|</em>)?"
_ANSWER_LABEL = re.compile(
    rf"^[ \t>]*(?:[-*+]\s+|\#{{1,6}}\s+)?(?:[^\w\s*_<#-]+\s*)?{_OPEN}\s*"
    r"(?:(?:correct|right|sample|model|expected|suggested|short|possible|my|reference)\s+|正确|參考|参考|标准)?(?:[^\W\d_]{3,20}/)?"
    rf"(?:(?:{ANSWER_WORDS})\s*\d*|a\d*(?=\s*{_CLOSE}\s*[:：.)]))\s*(?:\([^()\n]{{0,30}}\))?\s*{_CLOSE}\s*"
    rf"(?:[:：]|\.(?=\s)|(?<=[a-z]{{3}})\.(?=(?-i:[A-ZÀ-Þ]))|\)|[-–—](?=[\s*_])|(?=\n)|$)\s*"
    rf"(?:\*(?=\s)|(?!\*\s|<[bise])(?!\*[^*]){_CLOSE})[ \t]*",
    re.IGNORECASE,
)
_LETTERED = re.compile(r"[ \t]*#{1,6}\s+\W{0,3}a[.)]", re.IGNORECASE)
"""`### A. Title`: the first of several sub-headings."""
_OPTION = re.compile(r"\s*(?:[-*+]\s+)?(?:\[[ xX]\]\s*)?(?:\*\*|\()?([A-Ha-h])(?:\*\*)?[.):](?:\*\*)?\s*(?=\S)")
_SHOW = (
    "показать|посмотреть|открыть|раскрыть|смотреть|показати|переглянути|відкрити|ver|mostrar|abrir|voir|afficher|montrer"
    "|zeige|zeigen|mostra|visualizza|vedi|pokaż|zobacz|toon|bekijk|lihat|tampilkan|xem|visa|vis"
)
_SAYS_ANSWER = re.compile(
    rf"\W*(?:(?:show|see|view|click|tap|reveal|expand|open|toggle|hint|spoiler)\b.*"
    rf"|(?:{_SHOW})\W.{{0,20}}\b(?:{ANSWER_WORDS})\b.{{0,20}}|(?:查看|显示|顯示|点击|點擊|展开).{{0,12}}(?:{ANSWER_WORDS}).{{0,8}}"
    rf"|(?:the )?(?:{ANSWER_WORDS})\b.{{0,20}})",
    re.IGNORECASE | re.DOTALL,
)


def says_answer(summary: str) -> bool:
    """Whether a fold's summary says no more than that something is inside: "Show answer"."""
    return len(summary) < 200 and _SAYS_ANSWER.fullmatch(summary) is not None


_HERE = re.compile(rf"\b(?:{ANSWER_WORDS})\b|答案|回答|解答", re.IGNORECASE)


def says_here_is_the_answer(summary: str) -> bool:
    """Whether a fold's summary says that the answer is inside."""
    return len(summary) <= 40 and _HERE.search(summary) is not None


def option(line: str) -> str | None:
    """The letter, in lower case, of a line that is one of several options: `- B. Bravo`."""
    match = _OPTION.match(line)
    return match[1].lower() if match else None


def is_placeholder(markdown: str) -> bool:
    """Whether an answer is none: empty, or nothing but "TODO", "Answer here", "To be completed." and the like."""
    text = re.sub(r"<!--.*?-->", "", markdown, flags=re.DOTALL)
    if _CODE_TO_WRITE.fullmatch(text):
        return True
    if len(text) > LONGEST or "```" in text or "![" in text or "<img" in text:
        return False
    text = _ITEM.sub("", text)
    if re.fullmatch(r"\s*([*_])\([^()\n]*\)\1\s*", text):
        return True  # *(what is to be written here)*
    if _TO_FILL.fullmatch(text):
        return True
    plain = plain_text(" ".join(line for line in text.split("\n") if not is_noise(line)))
    if text.strip() and "`" in text:
        return False
    return len(plain) < 60 and _PLACEHOLDER.fullmatch(plain) is not None


def answer_label(line: str) -> int:
    """How many characters of a line are an answer's label (`- Answer:`, `**Ans:**`); 0 if none."""
    if len(line) - len(line.lstrip(" \t>")) > 40:
        return 0
    match = _ANSWER_LABEL.match(line)
    if match is None or not match[0].strip() or _LETTERED.match(line):
        return 0
    return match.end()
