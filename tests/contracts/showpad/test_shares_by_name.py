"""A run's own Shares, which nothing can delete, are listed at the end by name, also those that were never answered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from showpad_contracts.showpad.checks.shares import body, share

from ...harness.in_process import fresh_mock
from ..elsewhere import elsewhere


def test_a_share_that_was_never_answered_is_found_in_the_export(tmp_path: Path) -> None:
    app = fresh_mock()
    with elsewhere(app, folder=tmp_path) as client:
        answered = share(client, title="seen")
        lost = client.admin.post("/shares", body(client, title="never seen")).received  # beside what notes it
        with elsewhere(app) as other:
            share(other, title="another run's")
        client.sweep()
        named = [f'Share {one["id"]} "{one["title"]}"' for one in (answered, lost)]
        assert list(client.session.ledger.left_behind()) == named


def test_without_exports_those_that_were_answered_are_listed(tmp_path: Path) -> None:
    with elsewhere(fresh_mock(), folder=tmp_path) as client:
        offers = {name: one for name, one in client.target.offers.items() if name != "exports"}
        client.target = replace(client.target, offers=offers)
        one = share(client)
        client.sweep()
        assert list(client.session.ledger.left_behind()) == [f'Share {one["id"]} "{one["title"]}"']
