"""Fields of untrusted JSON: each reader gives what it promises or raises a sentence that names the field."""
from __future__ import annotations

from typing import Any, Callable, Dict, List, TypeVar

from .errors import TraceError, show
from .trace import is_number

T = TypeVar("T")


class Reader:
    """Reads fields of untrusted JSON and remembers each that is wrong, so that all are said at once."""

    def __init__(self) -> None:
        self.faults: List[str] = []

    def get(self, read: Callable[..., T], *args: Any) -> Any:
        """What `read` returns, or None where the field is wrong."""
        try:
            return read(*args)
        except TraceError as error:
            self.faults.extend(error.faults)
            return None

    def check(self) -> None:
        if self.faults:
            raise TraceError(self.faults)


def shown(parent: Dict[str, Any], name: str) -> str:
    return show(parent[name]) if name in parent else "missing"


def path_of(name: str, where: str) -> str:
    return f"{where}.{name}" if where else name


def record(value: Any, where: str) -> Dict[str, Any]:
    if not isinstance(value, dict):
        raise TraceError(f"{where} is {'missing' if value is None else show(value)}; expected an object.")
    return value


def items(parent: Dict[str, Any], name: str, where: str = "") -> List[Any]:
    if not isinstance(parent.get(name), list):
        raise TraceError(f"{path_of(name, where)} is {shown(parent, name)}; expected a list.")
    return parent[name]


def text(parent: Dict[str, Any], name: str, where: str = "") -> str:
    if not isinstance(parent.get(name), str):
        raise TraceError(f"{path_of(name, where)} is {shown(parent, name)}; expected text.")
    return parent[name]


def number(parent: Dict[str, Any], name: str, where: str = "") -> float:
    if not is_number(parent.get(name)):
        raise TraceError(f"{path_of(name, where)} is {shown(parent, name)}; expected a finite number.")
    return parent[name]


def whole(parent: Dict[str, Any], name: str, where: str = "") -> int:
    value = number(parent, name, where)
    if value < 0 or value != int(value):
        raise TraceError(f"{path_of(name, where)} is {value}; expected a whole number, 0 or more.")
    return int(value)
