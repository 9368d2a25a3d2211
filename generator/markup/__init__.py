"""What Markdown text is made of: the CommonMark parser, math, code, marks. Shared by reading, checking and rendering."""
