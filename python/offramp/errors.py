"""What goes wrong, in sentences."""
from __future__ import annotations

import difflib
import json
from typing import Any, Iterable, Sequence, Union


class TraceError(ValueError):
    """What was handed in cannot be used. `faults` holds one sentence for each thing that is wrong."""

    def __init__(self, faults: Union[str, Sequence[str]]) -> None:
        self.faults = (faults,) if isinstance(faults, str) else tuple(faults)
        super().__init__("\n".join(self.faults))


class TraceWarning(UserWarning):
    """What was handed in can be used, but means something that a reader should know."""


def nearest(name: str, names: Iterable[str], most: int = 5) -> str:
    """The names most like `name`, as a sentence may end: "conv1, conv2"; the first ones where none is like it."""
    known = list(names)
    alike = difflib.get_close_matches(name, known, n=most, cutoff=0.5)
    alike += [other for other in known if name in other and other not in alike][: most - len(alike)]
    if alike:
        return ", ".join(alike)
    return ", ".join(known[:most]) + (f" and {len(known) - most} more" if len(known) > most else "")


def show(value: Any) -> str:
    """A value as a sentence may show it: the beginning of its JSON, or its type."""
    try:
        text = json.dumps(value)
    except (TypeError, ValueError):
        return f"a {type(value).__name__}"
    return text if len(text) <= 60 else text[:57] + "…"


def count(n: int, noun: str) -> str:
    """1 exit, 2 exits."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}{'es' if noun.endswith('s') else 's'}"
