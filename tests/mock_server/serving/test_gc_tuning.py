from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from showpad_mock.serving import gc_tuning as collector


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


def is_frozen(value: object) -> bool:
    """Say whether the collector passes a value by: it lists what it walks."""
    return not any(one is value for one in gc.get_objects())


def test_what_was_loaded_is_frozen_and_what_comes_later_is_not() -> None:
    loaded = [object()]
    with collector.short_pauses():
        later = [object()]
        assert (is_frozen(loaded), is_frozen(later)) == (True, False)


def test_what_outlives_a_long_full_collection_is_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector, "FREEZE_AFTER_SECONDS", -1)  # every collection is longer
    with collector.short_pauses():
        kept = [object()]
        gc.collect(1)
        assert not is_frozen(kept)
        gc.collect()
        assert is_frozen(kept)


def test_what_outlives_a_short_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector, "FREEZE_AFTER_SECONDS", 3600)
    with collector.short_pauses():
        kept = [object()]
        gc.collect()
        assert not is_frozen(kept)


def test_within_it_the_collector_works_and_after_it_is_as_it_was() -> None:
    before = (list(gc.callbacks), gc.get_threshold())
    gc.disable()
    with collector.short_pauses():
        assert gc.isenabled()
        assert gc.get_threshold()[0] > before[1][0]
    assert (gc.callbacks, gc.get_threshold()) == before
