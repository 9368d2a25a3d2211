"""HTML -> files: Anki packages and PDFs."""
