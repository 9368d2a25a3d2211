"""Words of asking at the beginning (or end) of a question, in languages beside those of `question_words`."""

from __future__ import annotations

import re

_BEGINS = (
    # Ukrainian
    r"що (?:таке|є|означає|робить)|у ч[ео]му|в ч[ео]му|чим |чому |навіщо |чи |як(?:ий|а|е|і|их|у|им|ою)? |коли |де |скільки "
    r"|(?:розкажіть|поясніть|опишіть|наведіть|порівняйте|назвіть|перелічіть|дайте визначення)\b|(?:різниця|відмінність) між",
    # Russian requests
    r"в каких случаях|для чего |(?:расскажите|объясните|опишите|приведите|перечислите|назовите|сравните|дайте определение)\b",
    # Italian
    r"(?:che )?cos(?:['’]è|a (?:è|sono|si intende|significa))|perché |qual(?:i| è|['’]è) |quando (?:si|è|usare) "
    r"|(?:spiega(?:re|mi)?|descriv(?:i|ere)|elenca(?:re)?|definisci|confronta)\b|(?:qual è la )?differenz[ae] tra",
    # Dutch
    r"wat (?:is|zijn|betekent|doet|houdt)\b|waarom |waarvoor |hoe (?:werkt|zou|kun|kan|maak|wordt|ga)\b|welke |leg uit\b"
    r"|beschrijf |noem ",
    # Vietnamese
    r"tại sao |vì sao |làm (?:thế nào|sao) |thế nào là |(?:hãy )?"
    r"(?:giải thích|trình bày|so sánh|phân biệt|nêu) |sự khác (?:nhau|biệt)",
    # Turkish
    r"neden |niçin |nasıl |hangi |açıklayın",
    # Indonesian and Malay
    r"apa (?:itu|yang|saja|perbedaan|fungsi|kegunaan)\b|apakah |bagaimana |mengapa |kenapa |kapan "
    r"|(?:jelaskan|sebutkan|bandingkan)\b",
    # Czech and Slovak
    r"co (?:je|jsou|znamená)\b|čo (?:je|sú|znamená)\b|proč |prečo |vysvětlete "
    r"|popište |vysvetlite |jaký je |jaké jsou |jak (?:se|funguje)\b",
    # Arabic and Persian
    r"ما (?:هو|هي|هى|الفرق|معنى|المقصود)\b|لماذا |كيف |متى |اشرح |اذكر |عرف |قارن |چرا |چگونه |توضیح دهید",
    # Hebrew
    r"מה (?:זה|הוא|היא|ההבדל)\b|למה |מדוע |איך |הסבר ",
    # Chinese
    r"是否|有没有|能否|可否|为何|何时|何为|比较一下|对比一下|聊聊|简单说",
)
_ENDS = (
    r"là gì|như thế nào",
    r"nedir|ne demektir|açıklayınız|nelerdir",
    r"چیست|کدامند",
    r"क्या (?:है|हैं)|कैसे|क्यों",
)
_CHAPTERS = re.compile(
    r"\W*(?:як (?:використовувати|користуватися|встановити|запустити|долучитися)|nasıl (?:kullanılır|kurulur|çalışır|katkı)"
    r"|bagaimana (?:cara )?(?:menggunakan|berkontribusi|instalasi)|hoe (?:werkt het|ga je te werk)"
    r"|jak (?:používat|přispět))\W*",
    re.IGNORECASE,
)
"""Chapters of a manual: "How to install"."""
_ASKS = re.compile(rf"\W*(?:{'|'.join(_BEGINS)})|.*\s(?:{'|'.join(_ENDS)})\W*\Z", re.IGNORECASE | re.DOTALL)


def asks(plain: str) -> bool:
    """Whether plain text begins or ends as questions do in one of these languages."""
    return _CHAPTERS.fullmatch(plain) is None and _ASKS.match(plain) is not None
