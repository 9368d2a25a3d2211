"""What tells that words ask, in the many ways and languages people ask."""

from __future__ import annotations

import re

from generator.markup.inline import plain_text
from generator.read.layouts import asking_elsewhere

LONGEST = 1500
"""Characters of a question that are looked at: what is longer is text."""
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
    "什么|什麼|如何|为什么|為什麼|怎么|怎麼|哪些|哪个|哪種|哪种|吗|嗎|区别|区別|(?:^|\\W)(?:请|請)(?![见見看参參])|介绍|解释|说说|谈谈|讲讲|简述"
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
    r"|(?:설명|작성|구현|서술|비교|나열|정의|기술|제시|증명|계산|구|논|답|말)하(?:십시오|시오|세요|라)|니까(?=\W*$)|주세요|인가요|나요|까요|お願いします|教えて|てください|^\W*(?:实现|實現|手写|列举|举例|写一|写出|编写|编程)"
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
    "give list show find name state let mention imagine suppose given "
    "escreva implemente considere escribe escriba implementa écrivez donnez scrivi schreibe schreiben nenne "
    "напишите реализуйте спроектируйте напишіть tuliskan".split()
)
"""Words of asking that begin steps and tasks as well."""
_SIGNS_AS_CODE = re.compile(r"(?<!`)`[^\w`]{1,9}`(?!`)")
"""Signs that are talked about: a mark `?` asks nothing."""


_CATEGORY = re.compile(r"^\s*\[[^\[\]]{1,12}\]\s+(?=\[)")
"""`[css]` before a linked question."""


def asks(text: str) -> bool:
    """Whether the text reads as a question or a request: a question mark, or a word of asking at its start."""
    plain = plain_text(_SIGNS_AS_CODE.sub(" ", _CATEGORY.sub("", text[:LONGEST])))
    if _NO_QUESTION.fullmatch(plain):
        return False
    if _MARK.search(plain) is not None and re.search(r"\w\w|[^\W\x00-\x7f]", plain):
        return True
    return begins_asking(plain)


def begins_asking(plain: str) -> bool:
    """Whether plain text begins with a word of asking or a request."""
    if _NO_QUESTION.fullmatch(plain) or _CHAPTER_ELSEWHERE.match(plain):
        return False
    first = re.match(r"[^\w]*([\w'’]+)(?:\s+([\w'’]+))?", plain)
    word = first[1].lower().replace("’", "'") if first else ""
    if word in _QUESTION_WORDS:  # "How it works" names a chapter, "How does it work" asks
        following = (first[2] or "").lower() if first else ""
        return following in _VERBS or word in ("which", "whose") or (word == "how" and following == "to")
    if word in _ASKING:
        return True
    return _REQUEST.match(plain) is not None or _ASKING_ELSEWHERE.search(plain) is not None or asking_elsewhere.asks(plain)


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


_OPEN_END = re.compile(
    r"(?:\b(?:with|of|for|in|on|from|to|between|by|and|or|the|an?|following|below)|[:：,])[\s*_]*$", re.IGNORECASE
)


def left_open(text: str) -> bool:
    """Whether a question goes on below: it ends with a colon, or with a word that others must follow ("… between")."""
    return _OPEN_END.search(text[-60:]) is not None


def breaks_off(text: str) -> bool:
    """Whether a text is only the opening of a question: "Describe a …"."""
    ending = re.search(r"\w+\W*$", text[-60:])
    return ending is not None and _BREAKS_OFF.fullmatch(text[-60:], ending.start()) is not None


_SELF = re.compile(
    r"\W*(?:what|why|who|how|where)\b[^.?!]{0,40}\bthis"
    r"(?: (?:repo\w*|project|guide|book|hand ?book|document|list|site|course|sheet|page|for|about))*\W*",
    re.IGNORECASE,
)
_IT = re.compile(
    r"\W*(?:what(?: is|['’]?s) it|why (?:should (?:i|you) )?use it|who (?:is it for|should use it))(?: (?:about|for))?\W*",
    re.IGNORECASE,
)
_SELF_ELSEWHERE = re.compile(
    r"\W*(?:đây là gì|¿?qué es esto|o que é isso|c['’]est quoi|qu['’]est-ce que c['’]est|was ist das(?: hier)?"
    r"|cos['’]è(?: questo)?"
    r"|что это(?: такое| за репозиторий)?|це що|co to(?: jest)?|bu nedir"
    r"|这是什么|這是什麼|これは何(?:ですか)?|이것은 무엇인가요?)\W*",
    re.IGNORECASE,
)


def asks_about_it(text: str) -> bool:
    """Whether a heading asks about what the title names: "What is it?", "Why use it?"."""
    return len(text) < 100 and _IT.fullmatch(text) is not None


def asks_about_itself(text: str) -> bool:
    """Whether a heading asks about the document: "What is this?", "Who is this guide for?"."""
    return len(text) < 100 and (_SELF.fullmatch(text) is not None or _SELF_ELSEWHERE.fullmatch(text) is not None)


def ends_asking(text: str) -> bool:
    """Whether the text ends with a question mark."""
    return plain_text(text[-LONGEST:]).rstrip(" *_\"')").endswith(_QUESTION_ENDS)
