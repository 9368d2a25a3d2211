"""What headers say of what follows: a question list, contents, chapters of a manual, other matter."""

from __future__ import annotations

import re

from generator.markup.inline import plain_text

OTHER_MATTER = re.compile(
    r"\W*(?:(?:table of )?contents?|toc|index|contributors?|contributing|contribute|how (?:to|can (?:i|you)) contribute|"
    r"how to (?:use|read|navigate)(?: it)?|how to (?:use|read|navigate) (?:this|these)(?: [\w ]{0,30}?)?"
    r"(?:repo(?:sitory)?|guide|documents?|docs?|list|(?:hand)?book|file|page|section|resources?|material|project|collection"
    r"|(?:cheat ?)?sheet|notes|course|bank|questions)"
    r"|c[óo]mo (?:usar|utilizar|leer|ler) est[ea]s? (?:documento|gu[íi]a|reposit[óo]rio|lista|material|archivo|arquivo|notas)"
    r"|comment utiliser ce(?:tte|s)? (?:document|guide|dépôt|liste|fiches|notes)"
    r"|как (?:пользоваться|использовать) эт\w+ (?:репозитори\w+|спис\w+|документ\w*|руководств\w+|материал\w*)"
    r"|instru\w+|tips|dicas|license|licence|credits?|"
    r"acknowledge?ments?|(?:(?:further|recommended|additional|useful|more) )?(?:references|resources|readings?|links)"
    r"(?: (?:and|&) (?:references|resources|readings?|links))?|about|introduction|readme|overview|目录|目錄"
    r"|使用(?:方式|方法|说明|說明))\W*",
    re.IGNORECASE,
)
"""Headers of what is never a question: contents, contributors, licence."""
HOUSEKEEPING = re.compile(
    r"\W*(?:contributors?|contributing|contribute|contributions?|how (?:to|can (?:i|you)) contribute|(?:project )?licen[cs]es?"
    r"|credits?|acknowledge?ments?|how (?:to|do (?:i|you)|can (?:i|you)) add (?:an? |your |new )?questions?)\W*",
    re.IGNORECASE,
)
"""Headers of what is about the repository, with all that stands below them."""
CONTENTS = re.compile(
    r"\W*(?:(?:table of )?contents?|toc|index|目录|目錄|目次|содержание|оглавление|sumário|índice|inhalt(?:sverzeichnis)?"
    r"|tabela de conteúdos?|tabla de contenidos?|table des matières|indice|spis treści)\W*"
    r"|\W*(?:table of )?contents?\s*[-–—:(](?=[^?]{0,60}$).*",  # Table of contents (all questions)
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
    r"|preguntas|perguntas|questões|domande|întrebări|pyta(?:nia|ń)|otázky|questionnaire|frågor|(?:intervju|jobb)frågor|spørgsmål"
    r"|spørsmål|kysymykset|kérdések|ερωτήσεις|вопрос\w*|(?:за)?питан(?:ня|ь)|въпроси"
    r"|(?:[^\W\d_]+(?<!ab)(?<!an)(?<!um)(?<!er)(?<!be)(?<!nach))?fragen|(?:[^\W\d_]+(?<!aan)(?<!op)(?<!na)(?<!be))?vragen"
    r"|câu hỏi|sorular\w*|pertanyaan|soal(?:-soal)?|أسئلة|الأسئلة|سوالات|שאלות|प्रश्न)\b"
    r"|面试题|面試題|問題|问题|题目|題目|题库|考题|质问|質問|질문|(?:면접|인터뷰) ?문제",
    re.IGNORECASE,
)
"""Titles that call what follows a question list."""
ABOUT_INTERVIEWS = re.compile(
    r"\b(?:interviews?|interviewing|entrevistas?|entretiens?|colloquio? (?:di lavoro|tecnic[oi])|vorstellungsgespräch\w*"
    r"|sollicitatie\w*|(?:jobb|anställnings)?intervju\w*|jobsamtale\w*|rozmow\w+ (?:kwalifikacyjn|rekrutacyjn)\w+|pohovor\w*"
    r"|interviu\w*|interjú\w*|собеседовани\w*|співбесід\w*"
    r"|phỏng vấn|mülakat\w*|wawancara|συνέντευξη\w*|مقابلات|مقابلة|مصاحبه|ראיונות|ראיון"
    r"|(?:teste|desafio|prova|prueba|desafío|reto|test|épreuve) t[ée]c(?:n|hn)i(?:c[oa]|que)s?)\b|面试|面試|面接|면접|인터뷰",
    re.IGNORECASE,
)
"""Titles of notes that may hold questions or not."""


def is_contents(text: str) -> bool:
    """Whether a heading says that a table of contents follows."""
    return len(text) < 200 and CONTENTS.fullmatch(plain_text(text)) is not None
