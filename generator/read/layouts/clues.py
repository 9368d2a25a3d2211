"""What tells a question, a label, an answer or noise, in the many ways people write them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generator.markup.inline import plain_text

_KEYCAP = re.compile(r"((?:[0-9]\ufe0f?\u20e3)+)|(\U0001f51f)")
LONGEST = 1500
"""Characters of a question that are looked at: what is longer is text."""
_SYMBOLS = re.compile(r"^(?:[^\w\s\x21-\x7e“‘«¿¡【《「『（…]|\ufe0f)+\s*")
_ANCHORS = re.compile(r"<a\b[^>]*>\s*</a>|<!--.*?-->|\s*\[\[?[^\w\]]*\]?\]\(#[^)]*\)", re.DOTALL)
_OWN_LINK = re.compile(r"<a\b[^<>]*\bhref=[\"']?#[^<>]*>((?:(?!</?a\b).)*)</a>", re.IGNORECASE | re.DOTALL)
"""A link around a heading's words that leads to itself."""
_WHOLE_LINK = re.compile(r"\[([^\[\]]+)\]\(([^()\s]*)\)")
_TRAILING = re.compile(r"(?:<(?:br|p)\s*/?>|[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f])$", re.IGNORECASE)
_LEVEL_TAG = re.compile(r"^\[[A-Z]\]\s+(?=\S)")
"""A letter that grades the question: `[E]` easy, `[H]` hard."""
_WRAPPED = re.compile(
    r"^(\*\*\*|\*\*|__|\*|_|<b>|<strong>|<em>|<i>|<u>|<h[1-6][^>]*>|<p[^>]*>|<span[^>]*>)\s*(.*?)\s*(\*\*\*|\*\*|__|\*|_|</\w+>)$",
    re.DOTALL | re.IGNORECASE,
)
_MARK_OUTSIDE = re.compile(r"^(\*\*\*|\*\*|__)((?:(?!\1).)+?)\s*(\1)\s*([?？])$")
"""`**What is it**?`"""
_LABEL = re.compile(
    r"(?:(?:questions?|ques|que|q|pregunta|frage|pergunta|questão|вопрос|問題|问题|问|問|prompt)\s*[.:#№-]?\s*"
    r"(?:no\.?|nr\.?|number)?\s*(?P<word>\d{1,4}(?:\.\d{1,3})*[a-z]?)(?!\s*[-–—]\s*\d)\s*[.):\]\-–—：、|]*|"
    r"(?P<back>\d{1,4})\s*q\b\s*[.):\-–—]*|"
    r"(?P<bare>(?:follow[- ]?up (?:q|question)\s*\d*|"
    r"questions?|ques|q|问|問|問題|问题|质问|вопрос|pregunta|pergunta|questão|frage|pytanie|שאלה|سؤال|السؤال|질문))\s*[.:：)]+|"
    r"\[(?P<boxed>\d{1,4})\]\s+|"
    r"(?!\d{4}\s*[-–—])[(（]?(?P<number>\d{1,4}(?:\.\d{1,3})*[a-z]?)(?:\s*\\?[.):\]、．）]+(?!\d)\s*|(?:\s+|(?<=\d))[-–—](?:\s+|(?=\*)))|"
    r"(?P<loose>\d{1,3}(?:\.\d{1,3})*)\s+(?=(?-i:[\"'“*_`A-ZÀ-ÞА-Я\u3400-\u9fff])))\s*",
    re.IGNORECASE,
)
_QUESTION_ENDS = ("?", "\uff1f", "\u061f", "\u037e", "\u055e")
_MARK = re.compile(r"\?(?=[\s\"'”’»)\]*_:,.!;–—-]|$)|[\uff1f\u061f\u037e\u055e]")
"""A question mark at the end of words, not inside code."""
_ASKING = frozenset(
    "what whats what's why how hows how's when where which who whom whose can could do does did is are was "
    "were will would should shall explain describe discuss define compare contrast differentiate distinguish "
    "write implement design mention outline highlight propose walk suppose imagine provide illustrate derive "
    "identify elaborate summarize summarise calculate estimate compute prove solve debug review analyze "
    "analyse evaluate justify sketch draw demonstrate clarify enumerate briefly given".split()
)
_REQUEST = re.compile(
    r"\W*(?:give (?:an?|some|me|examples?|two|three|the)|list (?:the|some|all|down|out|two|three|four|five|a few|\d)|"
    r"show (?:how|that|me|with)|find (?:the|all|an?|out|two)|name (?:an?|the|some|two|three|four|five|\d)|"
    r"tell (?:me|us)|state |create an? |build an? |have you|has |may |let['’]s|talk (?:me|about)|predict )",
    re.IGNORECASE,
)
"""Words that ask in a question list but instruct elsewhere, with what makes them a request."""
_QUESTION_WORDS = frozenset("what why how when where which who whom whose".split())
_VERBS = frozenset(
    "is are was were will would shall should can could do does did has have had may might must much many long often far "
    "kind kinds type types use".split()
)
_NO_QUESTION = re.compile(
    r"\W*what(?:['’]s| is) (?:new|next|inside|included|changed|left|missing)\W*"
    r"|\W*(?:(?:any|more|other|further|still have|noch|hai) )?"
    r"(?:questions|domande|fragen|preguntas|perguntas|вопросы|pytania)\W*\?\W*",
    re.IGNORECASE,
)
"""Titles that begin as a question does."""
_CHAPTER_ELSEWHERE = re.compile(
    r"\W*(?:comment (?:ça marche|cela marche|utiliser|installer|contribuer|lancer|démarrer|participer|jouer)"
    r"|c[óo]mo (?:funciona$|usar(?:lo)?|utilizar|instalar|contribuir|empezar|colaborar|executar|rodar|começar|jogar)"
    r"|wie (?:es|das) funktioniert|как (?:использовать|установить|запустить|пользоваться|собрать))\b",
    re.IGNORECASE,
)
"""Chapters of a manual in other languages: "How it works", "How to install"."""
_ASKING_ELSEWHERE = re.compile(
    "什么|什麼|如何|为什么|為什麼|怎么|怎麼|哪些|哪个|哪種|哪种|吗|嗎|区别|区別|請|请|介绍|解释|说说|谈谈|讲讲|简述"
    "|とは|ですか|なぜ|どう|무엇|어떻게|인가|설명"
    r"|^\W*(?:что такое|в ч[её]м|чем |зачем|почему|как(?:ой|ая|ие|ую|ое|им)? |расскажи|объясни|опиши|приведи|сколько|когда )"
    r"|^\W*(?:o que|por que|qual |quais |como |explique|descreva|fale |faça |cite |defina |diferencie |escreva |nomeie "
    r"|qué |cómo |cuál |cuáles |por qué|explica |describe )"
    r"|^\W*(?:co to |co wiesz|czym |jak(?:i|a|ie|im|ą)? |dlaczego |czy |wyjaśnij |opisz |wymień )"
    r"|^\W*(?:erzähl|beschreib|erklär|erläuter|nenn|definier|vergleich|berechn|begründ|skizzier|unterscheid)e?n? sie "
    r"|^\W*geben sie (?:eine?n? |drei |zwei )"
    r"|(?:^\W*|[.!?] )(?:(?:the |key |main |la |les |el |os |as |die |der )?"
    r"(?:differences?|différences?|diferencias?|diferenças?|unterschiede?|różnic[ae]|разница|отличи[ея]) "
    r"(?:between|entre|de|zwischen|między|между))\b"
    r"|^\W*(?:cuénta(?:me|nos)|háblame|háblanos|dime|dinos|conte(?:-me)?|parlez|racontez|racconta(?:mi)?|parlami) "
    r"|주세요|인가요|나요|까요|お願いします|教えて|てください|^\W*(?:实现|實現|手写|列举|举例)"
    r"|^\W*(?:qu['’]est|comment |pourquoi |quel(?:le)?s? |expliquez|décrivez|was ist|was sind|wie |warum |welche)",
    re.IGNORECASE,
)
_TOPIC = re.compile(
    r"(?:(?:the )?(?:key |main )?(?:differences?|distinction) (?:between|of)|.{1,60}\bv(?:ersu)?s\b\.?"
    r"|(?:types|kinds|advantages|benefits|uses?|use cases|pros and cons|role|purpose|features|characteristics|properties"
    r"|principles) of"
    r"|(?:die )?(?:merkmale|vorteile|nachteile|arten|aufgaben|eigenschaften|unterschiede?) (?:von|der|des|zwischen)"
    r"|(?:les |las |los |os |as )?(?:ventajas|vantagens|avantages|características|caractéristiques|tipos|types|diferencias"
    r"|diferenças|différences) (?:de|del|des|du|da|do|das|dos|entre)"
    r"|(?:виды|типы|преимущества|недостатки|отличия|принципы) (?!и )\w)(?!.*:\W*$)",
    re.IGNORECASE,
)
"""What stands among questions without asking: "Difference between …", "A vs B", "Types of …"."""
_BREAKS_OFF = re.compile(r"\b(?:when|where|if|that|you|your|an?|the|of|to|with|about)\s*(?:…|\.{3})\W*", re.IGNORECASE)
"""The end of what is only the opening of a question: "Tell me about a time when …"."""
INSTRUCTING = frozenset(
    "write implement design provide identify compute solve debug review prove draw calculate propose sketch walk create build "
    "give list show find name state let mention imagine suppose given".split()
)
"""Words of asking that begin steps and tasks as well."""
_PLACEHOLDERS = (
    r"answers?(?: (?:here|goes here|pending|coming soon|to be added|not available))?",
    r"(?:add|insert|write|type|put|enter)? ?(?:your|an|the)? ?answer(?: here)?",
    r"to[- ]?do|tbd|tba|wip|work in progress|in progress|under construction|coming soon|placeholder|pending",
    r"to be (?:completed|added|done|written|determined|answered|filled(?: in)?|updated|continued)(?: soon| later)?",
    r"not (?:yet )?(?:answered|written|available)(?: yet)?|no answer(?: yet)?|none yet|fill (?:me|this) in",
    r"n/?a|xxx+|lorem ipsum.*|\.{2,}|…|-+|_+|\?+",
)
_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?(?=\S)")
_PLACEHOLDER = re.compile(rf"[\s*_(\[<>:.…-]*(?:{'|'.join(_PLACEHOLDERS)})?[\s*_)\]<>:.!…-]*", re.IGNORECASE)
PLAIN_ANSWER = "answer|ans|réponse|reponse|respuesta|antwort|resposta|risposta|odpowiedź|ответ|答案|回答|답변|cevap|jawaban"
ANSWER_WORDS = (
    "answers?|ans|solution|sol|response|explanation|rationale|rationali[sz]ation|lösung|solución|solução|soluzione|решение|çözüm|"
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
_SEPARATOR = re.compile(r"(?:[-*_][ \t]*){3,}|[⸻—―─━═]+|&nbsp;|#{1,6}(?:[ \t]+[-–—*.·•]*)?|:{3,}[ \t]*[\w-]*|<!--SR:[^\n]*-->")
"""What parts paragraphs and says nothing; `<!--SR:` notes when a flash card is due."""
_SHORTCODE = re.compile(r":[a-z][a-z_]*:")
_TAGS = re.compile(r"</?(?:div|p|dl|center|details|a|b|strong|sub|sup|i|em|small|span|br|hr|h[1-6])\b[^<>]*>", re.IGNORECASE)
_ARROWS = re.compile("[⬆↑▲🔝🔼☝↥⤴🔙⏫⇧⇪△]")
_BACK = ("back", "go", "return", "jump", "scroll")
_TO_TOP = re.compile(
    rf"\W*(?:(?:{'|'.join(_BACK)}) ?(?:up |back )?to )?(?:the )?"
    r"(?:top|contents?|table of contents?|toc|index|questions?|start|menu)"
    r"(?: of (?:the )?(?:page|list|document|questions?))?\W*",
    re.IGNORECASE,
)
OTHER_MATTER = re.compile(
    r"\W*(?:(?:table of )?contents?|toc|index|contributors?|contributing|contribute|how (?:to|can (?:i|you)) contribute|"
    r"how to (?:use|read|navigate) (?:this|these)(?: [\w ]{0,30}?)?"
    r"(?:repo(?:sitory)?|guide|documents?|docs?|list|(?:hand)?book|file|page|section|resources?|material|project|collection"
    r"|(?:cheat ?)?sheet|notes|course|bank|questions)"
    r"|c[óo]mo (?:usar|utilizar|leer|ler) est[ea]s? (?:documento|gu[íi]a|reposit[óo]rio|lista|material|archivo|arquivo|notas)"
    r"|comment utiliser ce(?:tte|s)? (?:document|guide|dépôt|liste|fiches|notes)"
    r"|как (?:пользоваться|использовать) эт\w+ (?:репозитори\w+|спис\w+|документ\w*|руководств\w+|материал\w*)"
    r"|instru\w+|tips|dicas|license|licence|credits?|"
    r"acknowledge?ments?|references|resources|about|introduction|readme|overview|目录)\W*",
    re.IGNORECASE,
)
"""Headers of what is never a question: contents, contributors, licence."""
CONTENTS = re.compile(
    r"\W*(?:(?:table of )?contents?|toc|index|目录|目次|содержание|оглавление|sumário|índice|inhalt(?:sverzeichnis)?"
    r"|tabela de conteúdos?|tabla de contenidos?|table des matières|indice|spis treści)\W*",
    re.IGNORECASE,
)
CHAPTERS = re.compile(
    r"\W*(?:introduction|overview|background|preface|prerequisites|requirements|installation|setup|set[- ]?up|setting up|"
    r"getting started|quick ?start|usage|configuration|conclusions?|summary|references|further reading|appendix|abstract|"
    r"licen[cs]e|next steps|motivation|总结|前言|简介|введение|заключение|introdução|conclusão|einleitung|fazit)\W*",
    re.IGNORECASE,
)
"""Headings of a manual, a paper or a tutorial."""
LISTED = re.compile(
    r"\b(?:questions?|flash ?cards|quiz(?:zes)?|q ?& ?a|q and a|faqs?|interview (?:tasks|problems|exercises|challenges)"
    r"|preguntas|perguntas|questões|domande|pyta(?:nia|ń)|questionnaire|fragen|vragen|вопрос\w*|питан(?:ня|ь))\b|面试题|面試題|問題|问题|质问|질문",
    re.IGNORECASE,
)
"""Titles that call what follows a question list."""
ABOUT_INTERVIEWS = re.compile(
    r"\b(?:interviews?|interviewing|entrevistas?|entretiens?|vorstellungsgespräch\w*|собеседовани\w*)\b|面试|面試|面接|면접",
    re.IGNORECASE,
)
"""Titles of notes that may hold questions or not."""
_OPTION = re.compile(r"\s*(?:[-*+]\s+)?(?:\[[ xX]\]\s*)?(?:\*\*|\()?([A-Ha-h])(?:\*\*)?[.):](?:\*\*)?\s*(?=\S)")
_SAYS_ANSWER = re.compile(
    rf"\W*(?:(?:show|see|view|click|tap|reveal|expand|open|toggle|hint|spoiler)\b.*|(?:the )?(?:{ANSWER_WORDS})\b.{{0,20}})",
    re.IGNORECASE | re.DOTALL,
)
_ANCHOR_LINK = re.compile(r"^\W*\[[^\]]*\]\(\s*#[^)]*\)\W*$|^\W*\[[^\]]+\]\([^)]*\)\W*$")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A question's text without its number, label and wrapping."""

    text: str
    label: str | None
    """The number or label as written, e.g. `17b`; `Q` for a label without a number; None without any."""
    bold: bool
    rated: bool = False
    """Marked with an emoji at its end, as lists do that grade their questions."""


def clean(text: str) -> Cleaned:
    """Take number, label, emoji, bold and closing marks off a question."""
    if len(text) > LONGEST:
        head = clean(text[: LONGEST // 2])
        return Cleaned(head.text + text[LONGEST // 2 :].rstrip(), head.label, head.bold, False)
    label: str | None = None
    bold = False
    rated = re.search(r"[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff]\ufe0f?[\s*_]*$", text) is not None
    text = re.sub(r"^#{1,6}\s+", "", _KEYCAP.sub(lambda match: f"{re.sub('[^0-9]', '', match[1] or '10')}. ", text.strip()))
    text = _ANCHORS.sub("", _OWN_LINK.sub(r"\1", text)).strip()
    for _ in range(4):
        before = text
        link = _WHOLE_LINK.fullmatch(text)
        if link:
            inner, found = _without_label(link[1], label is not None)
            label = label or found
            text = inner if link[2].startswith("#") else f"[{inner}]({link[2]})"
        text = re.sub(r"^#{1,6}\s+", "", _without_trailing(_SYMBOLS.sub("", text)))
        text = _MARK_OUTSIDE.sub(r"\1\2\4\3", text)
        wrapped = _WRAPPED.match(text)
        if wrapped and not _marker_inside(wrapped):
            bold = bold or wrapped[1].lower() in ("**", "__", "***", "<b>", "<strong>")
            text = wrapped[2].strip()
        text, found = _without_label(text, label is not None)
        label = label or found
        text = _LEVEL_TAG.sub("", text)
        if text == before:
            break
    return Cleaned(re.sub(r"\s+#+$", "", text).strip(), label, bold, rated)


def _without_trailing(text: str) -> str:
    """The text without line breaks and emoji at its end."""
    text = text.strip()
    while match := _TRAILING.search(text):
        text = text[: match.start()].rstrip()
    return text


def _marker_inside(wrapped: re.Match[str]) -> bool:
    marker = wrapped[1]
    if marker.startswith("<"):
        return not wrapped[3].startswith("</")
    return marker in wrapped[2] or wrapped[3] != marker


def _without_label(text: str, labelled: bool) -> tuple[str, str | None]:
    """The text without the label it begins with; where it had one (`labelled`), further numbers are its own."""
    lead = re.match(r"(?:\*\*|__|<b>|<strong>|\*)?\s*", text)
    opening = lead[0] if lead else ""
    match = _LABEL.match(text, len(opening))
    if match is None or (labelled and (match["number"] or match["loose"])):
        return text, None
    if match["loose"] and "." not in match["loose"] and not _begins_asking(plain_text(text[match.end() :])):
        return text, None  # 12 Angry Men
    label = match["word"] or match["back"] or match["number"] or match["boxed"] or match["loose"] or "Q"
    rest = text[match.end() :]
    marker = opening.strip()
    if marker and re.match(r"[\s:.)-]*" + re.escape(marker), rest):
        rest = re.sub(r"^[\s:.)-]*" + re.escape(marker) + r"[\s:.)-]*", "", rest, count=1)  # **1.** What …
        marker = ""
    if not rest.strip(" *_") or re.fullmatch(r"\W*\d{4}-\d\d(?:-\d\d)?\W*", rest):
        return text, None
    return f"{marker}{rest.strip()}", label


_ALONE = re.compile(
    r"[\W_]*(?:(?:questions?|ques|que|q|pregunta|frage|pergunta|вопрос|問題|问题|問|问)\s*[.:#№-]?\s*"
    r"(?:no\.?|nr\.?|number)?\s*\d{1,4}[a-z]?(?:\s*(?:of|/|von|de|из)\s*\d{1,4})?"
    r"|question|第\s*\d{1,3}\s*[题題問问])[\W_]*",
    re.IGNORECASE,
)


def label_alone(text: str) -> bool:
    """Whether a text is a question's label and nothing else: `Question 1`."""
    return len(text) < 60 and _ALONE.fullmatch(text) is not None


_SIGNS_AS_CODE = re.compile(r"(?<!`)`[^\w`]{1,9}`(?!`)")
"""Signs that are talked about: a mark `?` asks nothing."""


def asks(text: str) -> bool:
    """Whether the text reads as a question or a request: a question mark, or a word of asking at its start."""
    plain = plain_text(_SIGNS_AS_CODE.sub(" ", text[:LONGEST]))
    if _NO_QUESTION.fullmatch(plain):
        return False
    if _MARK.search(plain) is not None and re.search(r"\w\w|[^\W\x00-\x7f]", plain):
        return True
    return _begins_asking(plain)


def _begins_asking(plain: str) -> bool:
    if _NO_QUESTION.fullmatch(plain) or _CHAPTER_ELSEWHERE.match(plain):
        return False
    first = re.match(r"[^\w]*([\w'’]+)(?:\s+([\w'’]+))?", plain)
    word = first[1].lower().replace("’", "'") if first else ""
    if word in _QUESTION_WORDS:  # "How it works" names a chapter, "How does it work" asks
        following = (first[2] or "").lower() if first else ""
        return following in _VERBS or word in ("which", "whose") or (word == "how" and following == "to")
    if word in _ASKING:
        return True
    return _REQUEST.match(plain) is not None or _ASKING_ELSEWHERE.search(plain) is not None


_TASK = re.compile(
    r"\W*(?:design|implement) (?:an?|the|your own) |\W*write (?:an?|the) (?:[\w-]+ ){0,2}"
    r"(?:programs?|functions?|quer(?:y|ies)|method|class|script|algorithm|test)\b",
    re.IGNORECASE,
)
"""What is asked of a candidate rather than of a user."""


def instructs(text: str) -> bool:
    """Whether a text without a question mark begins as steps and tasks do: "Write …", "Give …"."""
    plain = plain_text(text[:LONGEST])
    first = re.search(r"\w+", plain)
    return "?" not in text and not _TASK.match(plain) and first is not None and first[0].lower() in INSTRUCTING


def is_topic(text: str) -> bool:
    """Whether a text names what is asked for, as items among questions do: "Difference between …", "A vs B"."""
    return _TOPIC.match(text[:LONGEST]) is not None


def breaks_off(text: str) -> bool:
    """Whether a text is only the opening of a question: "Describe a …"."""
    ending = re.search(r"\w+\W*$", text[-60:])
    return ending is not None and _BREAKS_OFF.fullmatch(text[-60:], ending.start()) is not None


def is_contents(text: str) -> bool:
    """Whether a heading says that a table of contents follows."""
    return len(text) < 200 and CONTENTS.fullmatch(plain_text(text)) is not None


_SELF = re.compile(
    r"\W*(?:what|why|who|how|where)\b[^.?!]{0,40}\bthis"
    r"(?: (?:repo\w*|project|guide|book|hand ?book|document|list|site|course|sheet|page|for|about))*\W*",
    re.IGNORECASE,
)


_SELF_ELSEWHERE = re.compile(
    r"\W*(?:đây là gì|¿?qué es esto|o que é isso|c['’]est quoi|qu['’]est-ce que c['’]est|was ist das(?: hier)?"
    r"|cos['’]è(?: questo)?"
    r"|что это(?: такое| за репозиторий)?|це що|co to(?: jest)?|bu nedir"
    r"|这是什么|這是什麼|これは何(?:ですか)?|이것은 무엇인가요?)\W*",
    re.IGNORECASE,
)


def asks_about_itself(text: str) -> bool:
    """Whether a heading asks about the document: "What is this?", "Who is this guide for?"."""
    return len(text) < 100 and (_SELF.fullmatch(text) is not None or _SELF_ELSEWHERE.fullmatch(text) is not None)


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


def ends_asking(text: str) -> bool:
    """Whether the text ends with a question mark."""
    return plain_text(text[-LONGEST:]).rstrip(" *_\"')").endswith(_QUESTION_ENDS)


def is_placeholder(markdown: str) -> bool:
    """Whether an answer is none: empty, or nothing but "TODO", "Answer here", "To be completed." and the like."""
    text = re.sub(r"<!--.*?-->", "", markdown, flags=re.DOTALL)
    if len(text) > LONGEST or "```" in text or "![" in text or "<img" in text:
        return False
    text = _ITEM.sub("", text)
    if re.fullmatch(r"\s*([*_])\([^()\n]*\)\1\s*", text):
        return True  # *(what is to be written here)*
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


def is_noise(line: str) -> bool:
    """Whether a line is a separator, a back-to-top link or an empty frame."""
    line = line.strip()
    if not line or len(line) > 400:
        return not line
    bare = _SHORTCODE.sub("", _TAGS.sub("", line)).strip()
    if not bare or _SEPARATOR.fullmatch(line):
        return True
    linked = "](#" in line or re.search(r"href=.#", line) is not None
    bare = re.sub(r"\]\([^()\s]*\)", "", bare)
    words = re.findall(r"\w+", bare)
    if _ARROWS.search(bare) and (not words or (linked and len(words) <= 6)):
        return True
    return bool(words) and _TO_TOP.fullmatch(bare) is not None and (linked or words[0].lower() in _BACK)


def is_link_only(text: str) -> bool:
    """Whether a list item or heading is nothing but a link: an entry of a table of contents."""
    return _ANCHOR_LINK.match(text.strip()) is not None


def number_of(label: str | None) -> int | None:
    """The number in a label; of `2.10` the last."""
    digits = re.findall(r"\d+", label or "")
    return int(digits[-1]) if digits else None
