# The parts of pydyf that we use; the library has no types of its own.
from collections.abc import Iterable
from typing import Any

class Object:
    @property
    def reference(self) -> bytes: ...

class Dictionary(Object, dict[str, Any]):
    def __init__(self, values: dict[str, Any] = ...) -> None: ...

class Array(Object, list[Any]):
    def __init__(self, array: Iterable[Any] = ...) -> None: ...

class String(Object):
    string: str
    def __init__(self, string: str = ...) -> None: ...

class PDF:
    objects: list[Object]
    def add_object(self, object: Object) -> None: ...
