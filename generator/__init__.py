"""Interview Decks: a Markdown bank of interview questions becomes Anki decks and printed study guides."""

__version__ = "0.2.0"
