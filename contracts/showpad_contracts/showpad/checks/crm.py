"""Records of a CRM that belong to spaces and Shares (AROUND-CRM)."""

from __future__ import annotations

from typing import Any

from ...core import expect
from ...core.check import check
from ...core.exchange import Exchange
from ..assertions import refused_somehow, strangers
from ..client import Client
from ..forms import CRM_RECORD, TEXT
from ..operations import NO_ID
from .shares import share

OF_SPACE, OF_SHARE = "/crm/shared-space-records", "/crm/share-records"


def records(exchange: Exchange) -> list[dict[str, Any]]:
    """Return the records that a list shows, each of the form, counted."""
    answer = expect.answered(exchange, 200)
    items = expect.member(answer, "items")
    expect.of_type(items, list, f"items of {exchange.name}")
    for item in items:
        CRM_RECORD(item, f"the record {item.get('id')}")
        for name in ("url", "accountId"):
            if name in item:
                TEXT(item[name], f"{name} of the record {item['id']}")
    expect.of_type(expect.member(answer, "count"), int, f"count of {exchange.name}")
    return list(items)


@check("AROUND-CRM")
def records_of_a_space_are_complete(client: Client) -> None:
    """AROUND-CRM: id, type and name of each, and how many there are."""
    exchange = client.admin.get(f"{OF_SPACE}/{client.target.offer('crm_space')}")
    found = records(exchange)
    expect.equal(found != [], expected=True, what="whether the space has a record")
    if len(found) < 50:
        expect.equal(expect.json_object(exchange)["count"], len(found), "count of the records")


@check("AROUND-CRM", writes=True)
def a_new_space_has_no_records(client: Client) -> None:
    """AROUND-CRM: none of others'."""
    exchange = client.admin.get(f"{OF_SPACE}/{client.space()['id']}")
    expect.equal(records(exchange), [], "the records of a new space")
    expect.equal(expect.json_object(exchange)["count"], 0, "count of the records")


@check("AROUND-CRM", shares=True)
def a_new_share_has_no_records(client: Client) -> None:
    """AROUND-CRM: none of others'."""
    expect.equal(records(client.admin.get(f"{OF_SHARE}/{share(client)['id']}")), [], "the records of a new Share")


@check("AROUND-CRM")
def records_of_what_is_not_there_are_refused(client: Client) -> None:
    """AROUND-CRM: whichever code tells it."""
    for path in (OF_SPACE, OF_SHARE):
        refused_somehow(client.admin.get(f"{path}/{NO_ID}"))


@check("AROUND-CRM-WHO", writes=True)
def records_are_for_whoever_sees_the_space(client: Client) -> None:
    """AROUND-CRM-WHO: 403 for others, 400 for an unknown id."""
    space_id = client.space()["id"]
    expect.status(client.owner.get(f"{OF_SPACE}/{space_id}"), 200)
    for stranger in strangers(client, "outsider", "participant"):
        expect.refused(stranger.get(f"{OF_SPACE}/{space_id}"), 403)
    for path in (OF_SPACE, OF_SHARE):
        expect.refused(client.admin.get(f"{path}/{NO_ID}"), 400)
