"""Offramp: early exits of any network as a trace — recorded, replayed under thresholds, shown in the page.

NumPy is all that is needed for arrays, files and replays; PyTorch is imported where a module of its own is handed in.
"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .arrays import from_arrays
from .errors import TraceError, TraceWarning
from .features import from_features
from .files import load, save
from .frontier import Point, frontier
from .means import ClassMeans
from .opening import open_trace as open
from .outputs import record_logits
from .recording import Recording
from .replay import Outcome, replay
from .show import show
from .trace import Exit, Provenance, Trace

if TYPE_CHECKING:
    from .early import Exits, Left
    from .recorder import record
    from .taps import Tap

__version__ = "0.1.0"
__all__ = [
    "ClassMeans", "Exit", "Exits", "Left", "Outcome", "Point", "Provenance", "Recording", "Tap", "Trace", "TraceError",
    "TraceWarning", "from_arrays", "from_features", "frontier", "load", "open", "record", "record_logits", "replay", "save", "show",
]  # fmt: skip

#: What needs PyTorch, and the module that holds it.
_TORCH = {"record": "recorder", "Tap": "taps", "Exits": "early", "Left": "early"}


def __getattr__(name: str) -> Any:
    if name not in _TORCH:
        raise AttributeError(f"module 'offramp' has no attribute '{name}'")
    from importlib import import_module

    try:
        # Once loaded, the name of a function must not be hidden by the module that is called like it.
        value = getattr(import_module(f".{_TORCH[name]}", __name__), name)
    except ImportError as error:
        if error.name != "torch":
            raise
        raise ImportError(f"offramp.{name} needs PyTorch, which is not installed; arrays go to offramp.from_arrays.") from error
    globals()[name] = value
    return value
