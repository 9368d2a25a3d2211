"""The nouns that people label questions and tasks with (`Question 3`, `Câu 3`, `Aufgabe 3`), as parts of patterns.

Each pattern is to be used without regard to case, and begins and ends with a letter.
"""

from __future__ import annotations

QUESTION = (
    "questions?|pregunta|pergunta|questão|domanda|întrebarea?"
    "|frage|vraag|fråga|spørgsmål|spørsmål|kysymys"
    "|вопрос|питання|запитання|въпрос|pytanie|otázka|ερώτηση"
    "|câu(?: hỏi)?|soru|pertanyaan|soal|kérdés"
    "|सवाल|प्रश्न|سؤال|السؤال|سوال|پرسش|שאלה"
    "|問題|问题|質問|设问|題目|题目|질문|문제"
)
"""What a question is called."""
TASK = (
    "problem|exercise|task|challenge|puzzle"
    "|problema|ejercicio|exercício|esercizio|exercice|problème|aufgabe|übung|opgave|oefening|uppgift|oppgave"
    "|задача|задание|упражнение|завдання|вправа|zadanie|úloha|příklad"
    "|bài(?: tập)?|alıştırma|latihan|feladat|课题|課題|练习|練習|과제|연습"
)
"""What is given to be solved is called; chapters and issues are called so as well."""
