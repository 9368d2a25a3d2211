# The parts of WeasyPrint that we use; the library has no types of its own.
from collections.abc import Callable, Mapping, Sequence

import pydyf
from weasyprint import urls as urls
from weasyprint.text.fonts import FontConfiguration

class CSS:
    def __init__(self, string: str, url_fetcher: urls.URLFetcher = ..., font_config: FontConfiguration = ...) -> None: ...

class Page:
    height: float
    anchors: Mapping[str, tuple[float, float, float, float]]
    bookmarks: Sequence[tuple[int, str, tuple[float, float], str]]

class Document:
    pages: Sequence[Page]
    def write_pdf(
        self,
        target: None = ...,
        *,
        finisher: Callable[[Document, pydyf.PDF], None] = ...,
        pdf_identifier: bytes = ...,
        pdf_tags: bool = ...,
    ) -> bytes: ...

class HTML:
    def __init__(self, string: str, url_fetcher: urls.URLFetcher = ..., base_url: str = ...) -> None: ...
    def render(
        self,
        font_config: FontConfiguration = ...,
        stylesheets: Sequence[CSS] = ...,
        pdf_tags: bool = ...,
        presentational_hints: bool = ...,
    ) -> Document: ...
