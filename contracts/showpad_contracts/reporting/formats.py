"""The report formats by the names that users ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, TextIO

from ..core.events import Event
from .html import HtmlReport
from .json_ import JsonReport
from .junit import JUnitReport


class Report(Protocol):
    """What eats the events of a run."""

    def on_event(self, event: Event) -> None:
        """Take one event."""


FORMATS: Mapping[str, Callable[[TextIO], Report]] = {"junit": JUnitReport, "html": HtmlReport, "json": JsonReport}
