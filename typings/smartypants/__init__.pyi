class Attr:
    q: int
    u: int
    w: int

def smartypants(text: str, attr: int | None = ...) -> str: ...
