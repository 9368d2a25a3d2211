"""Words of asking at the beginning (or end) of a question, in languages beside those of `question_words`."""

from __future__ import annotations

import re

_BEGINS = (
    # Ukrainian
    r"що (?:таке|є|означає|робить)|у ч[ео]му|в ч[ео]му|чим |чому |навіщо |чи |як(?:ий|а|е|і|их|у|им|ою)? |коли |де |скільки "
    r"|(?:розкажіть|поясніть|опишіть|наведіть|порівняйте|назвіть|перелічіть|перерахуйте|напишіть|дайте визначення)\b"
    r"|(?:різниця|відмінність) між",
    # Russian requests
    r"в каких случаях|для чего |(?:расскажите|объясните|опишите|приведите|перечислите|назовите|сравните|дайте определение"
    r"|напишите|реализуйте|спроектируйте)\b",
    # Bulgarian
    r"какво (?:е|са|представлява|означава)\b|защо |кога |кое |обяснете |разлика(?:та)? между",
    # Italian
    r"(?:che )?cos(?:['’]è|a (?:è|sono|si intende|significa))|perché |qual(?:i| è|['’]è) |quando (?:si|è|usare) "
    r"|(?:spiega(?:re|mi)?|descriv(?:i|ere)|elenca(?:re)?|definisci|confronta|scrivi)\b|(?:qual è la )?differenz[ae] tra",
    # Dutch
    r"wat (?:is|zijn|betekent|doet|houdt)\b|waarom |waarvoor |hoe (?:werkt|zou|kun|kan|maak|wordt|ga)\b|welke |leg uit\b"
    r"|beschrijf |noem ",
    # Vietnamese
    r"tại sao |vì sao |làm (?:thế nào|sao) |thế nào là |(?:hãy )?"
    r"(?:giải thích|trình bày|so sánh|phân biệt|nêu|kể tên|liệt kê|mô tả|định nghĩa) "
    r"|sự khác (?:nhau|biệt)|có (?:những|bao nhiêu|mấy) [^.,:\n]{1,40} nào\b|khi nào ",
    # Turkish
    r"neden |niçin |nasıl |hangi |ne zaman |kaç |açıklayın|anlatın|karşılaştırın",
    # Indonesian and Malay
    r"apa (?:itu|yang|saja|perbedaan|fungsi|kegunaan)\b|apakah |bagaimana |mengapa |kenapa |kapan "
    r"|(?:jelaskan|sebutkan|bandingkan|uraikan|tuliskan)\b|berapa |siapa ",
    # Czech and Slovak
    r"co (?:je|jsou|znamená)\b|čo (?:je|sú|znamená)\b|proč |prečo |vysvětlete "
    r"|popište |k čemu |kdy |kter[ýáé] |kolik |uveďte |porovnejte |definujte |rozdíl mezi |vysvetlite |jaký je "
    r"|jaké jsou |jak (?:se|funguje)\b",
    # Arabic and Persian
    r"ما (?:هو|هي|هى|الفرق|معنى|المقصود)\b|لماذا |كيف |متى |هل |أين |كم |ماذا |وضح |ناقش |الفرق بين|اشرح |اذكر |عرف "
    r"|قارن |چرا |آیا |چگونه |توضیح دهید",
    # Hebrew
    r"מה (?:זה|הוא|היא|ההבדל)\b|למה |מדוע |איך |הסבר ",
    # Hindi
    r"क्या |समझाइए|बताइए",
    # German
    r"wie(?:so|viele?) |weshalb |wozu |wodurch |worin |wofür |was (?:bedeutet|versteht|macht|passiert|unterscheidet)\b"
    r"|wann (?!immer)|welche[mnrs]? |(?:nenne|beschreibe|erkläre|erläutere|definiere|vergleiche) ",
    # French
    r"qu['’](?:avez|entend|est)|combien |quand (?:utilise|faut|doit)|lequel |laquelle |où (?:est|sont|se trouve)"
    r"|à quoi (?:sert|servent)"
    r"|(?:définissez|citez|comparez|donnez|énumérez|listez) |existe-t-il |peut-on ",
    # Spanish
    r"¿|cuándo |cuánt[oa]s? |quién |para qué |en qué |(?:define|enumera|enumere|nombra|menciona|mencione|compara) ",
    # Portuguese
    r"em que (?:consiste|casos?|situaç|momento|difere)|quando (?:usar|utilizar|devo|se deve|é)|quantos |quantas "
    r"|para que serve|no que (?:consiste|difere)|onde (?:é|são|fica)|(?:enumere|considere|compare|mencione|dado um) ",
    # Polish
    r"kiedy |ile |po co |na czym |do czego |gdzie |któr[yae] |(?:podaj|porównaj|zdefiniuj|scharakteryzuj|omów) "
    r"|co (?:robi|oznacza) ",
    # Romanian
    r"ce (?:este|sunt|înseamnă|face)\b|de ce (?:este|se|nu|ai|ați|avem|folosim) |când |care (?:este|sunt) |cum (?:se"
    r"|funcționează) |explica(?:ți|ti)? |explică "
    r"|descrie(?:ți|ti)? |diferența dintre",
    # Hungarian
    r"mi az |miért |hogyan |mikor |melyik |mire (?:való|jó)",
    # Swedish, Danish and Norwegian
    r"vad (?:är|betyder|innebär|gör)\b|varför |hur |när (?:ska|bör) |vilk(?:en|et|a) |skillnaden? mellan|förklara "
    r"|hva (?:er|betyr|gjør)\b|hvad (?:er|betyder|gør)\b|hvorfor |hvordan |hvilken |hvilket |hvilke |forklar "
    r"|for(?:skellen|skjellen) ",
    # Finnish
    r"mikä on|mitä (?:on|ovat|tarkoittaa)|miksi |miten |milloin |selitä ",
    # Greek
    r"τι (?:είναι|σημαίνει|κάνει)|πώς |γιατί |ποι(?:α|ο|ος|ες) |πότε |εξηγήστε|περιγράψτε|διαφορά μεταξύ",
    # Korean and Japanese topics and requests
    r".{1,200}(?:(?:의|간|와|과) ?차이(?:점)?|の違い|(?:説明|比較)(?:せよ|しなさい)|述べよ|書きなさい|求めよ)[.。]?\s*\Z",
    # Chinese
    r"有何|何谓|何謂|哪几|能不能|是不是|是否|有没有|能否|可否|为何|何时|何为|比较一下|对比一下|聊聊|简单说",
)
_ENDS = (
    r"là gì|(?:để )?làm gì|(?:như )?thế nào|ra sao|bao nhiêu|khi nào",
    r"nedir|ne demektir|nelerdir|ne işe yarar|(?:açıklayın|anlatın|karşılaştırın)(?:ız)?|m[iı]dır|midir",
    r"چیست|کدامند",
    r"क्या (?:है|हैं)|कैसे|क्यों",
)
_CHAPTERS = re.compile(
    r"\W*(?:як (?:використовувати|користуватися|встановити|запустити|долучитися)|nasıl (?:kullanılır|kurulur|çalışır|katkı)"
    r"|bagaimana (?:cara )?(?:menggunakan|berkontribusi|instalasi)|hoe (?:werkt het|ga je te werk)"
    r"|jak (?:používat|přispět)|hur (?:man )?(?:installerar|använder|bidrar|kör)(?: man)?"
    r"|hvordan (?:man )?(?:installere|installerer|bruke|bruger|bidra|komme i gang)|miten (?:asennetaan|käytetään)"
    r"|cum (?:se )?(?:instalează|folosește))\W*",
    re.IGNORECASE,
)
"""Chapters of a manual: "How to install"."""
_ASKS = re.compile(rf"\W*(?:{'|'.join(_BEGINS)})|.*\s(?:{'|'.join(_ENDS)})\W*\Z", re.IGNORECASE | re.DOTALL)


def asks(plain: str) -> bool:
    """Whether plain text begins or ends as questions do in one of these languages."""
    return _CHAPTERS.fullmatch(plain) is None and _ASKS.match(plain) is not None
