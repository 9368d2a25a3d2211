# The parts of linkify-it-py that we use; the library has no types of its own.
class Match:
    schema: str
    index: int
    last_index: int
    url: str

class LinkifyIt:
    def __init__(self, schemas: None = ..., options: dict[str, bool] = ...) -> None: ...
    def tlds(self, list_tlds: list[str], keep_old: bool = ...) -> LinkifyIt: ...
    def match(self, text: str) -> list[Match] | None: ...
