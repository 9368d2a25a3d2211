"""Bank -> HTML. The only place that knows Markdown-to-HTML and Jinja."""
