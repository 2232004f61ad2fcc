from __future__ import annotations

import gc
from collections.abc import Iterator
from itertools import count

import pytest

from mock_server import collector


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a second pass with every look at the clock."""
    seconds = count()
    monkeypatch.setattr("mock_server.collector.time.perf_counter", lambda: float(next(seconds)))


@pytest.mark.usefixtures("passing")
def test_what_outlives_a_long_full_collection_is_frozen() -> None:
    with collector.short_pauses():
        before = gc.get_freeze_count()
        kept = [[number] for number in range(1000)]
        gc.collect(1)
        assert gc.get_freeze_count() == before
        gc.collect()
        assert gc.get_freeze_count() >= before + len(kept)


def test_what_outlives_a_short_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mock_server.collector.time.perf_counter", lambda: 0.0)
    with collector.short_pauses():
        before = gc.get_freeze_count()
        gc.collect()
        assert gc.get_freeze_count() == before


@pytest.mark.usefixtures("passing")
def test_after_it_the_collector_is_as_it_was() -> None:
    callbacks = list(gc.callbacks)
    with collector.short_pauses():
        assert gc.isenabled()
    gc.collect()
    assert gc.callbacks == callbacks
