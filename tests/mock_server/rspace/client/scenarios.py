"""What a user of RSpace's own Python client does; run by itself in the environment of `make tools`.

`scenarios.py ORIGIN BEHAVIOUR` prints, for each scenario, null or how it failed, as one JSON object.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable
from typing import Any

import requests
from rspace_client.client_base import Pagination
from rspace_client.eln.advanced_query_builder import AdvancedQueryBuilder
from rspace_client.eln.eln import ELNClient
from rspace_client.exceptions import ApiError, AuthenticationError, NoSuchLinkRel

GROUP, DOCUMENT, SECOND, NOTEBOOK, BOBS, CAROLS, FOREIGN_FOLDER = 12345, 1234, 1235, 1236, 1241, 1242, 1103
BOB = 102


class Lab:
    """A tenant: a client for each of its users."""

    def __init__(self, origin: str, behaviour: str, name: str) -> None:
        self.origin, self.name, self.is_observed = origin, name, behaviour == "observed"
        features = f"{origin}/__admin/tenants/{name}/rspace/features"
        requests.patch(features, json={"behaviour": behaviour}, timeout=10).raise_for_status()

    def client(self, user: str) -> Any:
        return self.client_of(f"mock_{self.name}_{user}")

    def client_of(self, key: str) -> Any:
        return ELNClient(self.origin, key, max_retries=0)  # a refusal is a refusal: no waiting


def refused(status: int, call: Callable[..., Any], *arguments: Any, **options: Any) -> None:
    """Check that a call is refused so."""
    found = 0
    try:
        call(*arguments, **options)
    except AuthenticationError:  # which tells no status
        found = 401
    except ApiError as error:
        found = error.response_status_code
    assert found == status, f"{found} instead of {status}"


def status(lab: Lab) -> None:
    assert lab.client("alice").get_status()["message"] == "OK"


def wrong_key(lab: Lab) -> None:
    stranger = lab.client_of("wrongkey")
    calls: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
        (stranger.get_status, ()),
        (stranger.get_groups, ()),
        (stranger.shareDocuments, ([DOCUMENT], GROUP)),
        (stranger.unshareItem, (1,)),
        (stranger.get_shared_items, ()),
        (stranger.get_documents, ()),
        (stranger.get_document, (DOCUMENT,)),
        (stranger.create_document, ("Nobody's",)),
        (stranger.create_folder, ("Nobody's",)),
        (stranger.delete_document, (DOCUMENT,)),
    ]
    for call, arguments in calls:
        refused(401, call, *arguments)


def groups(lab: Lab) -> None:
    [group] = lab.client("alice").get_groups()
    assert (group["id"], group["name"], group["sharedFolderId"]) == (GROUP, "Gene Lab", 1101)
    assert group["members"][0]["role"] == "PI"
    assert lab.client("carol").get_groups() == []


def sharing(lab: Lab) -> None:
    alice = lab.client("alice")
    shared = alice.shareDocuments([DOCUMENT], GROUP)
    [info] = shared["shareInfos"]
    assert (info["sharedItemId"], info["permission"], info["sharedTargetType"]) == (DOCUMENT, "READ", "GROUP")
    assert shared["failedShares"] == []
    again = alice.shareDocuments([DOCUMENT], GROUP, permission="EDIT")
    assert (again["shareInfos"], again["failedShares"]) == ([], [] if lab.is_observed else [DOCUMENT])
    elsewhere = alice.shareDocuments([SECOND], GROUP, sharedFolderId=FOREIGN_FOLDER, permission="EDIT")
    assert [one["permission"] for one in elsewhere["shareInfos"]] == ["EDIT"]


def listing(lab: Lab) -> None:
    alice = lab.client("alice")
    alice.shareDocuments([DOCUMENT, SECOND, NOTEBOOK], GROUP)
    ascending = [one["shareItemName"] for one in alice.get_shared_items()["shares"]]
    assert ascending == sorted(ascending)
    assert [one["shareItemName"] for one in alice.get_shared_items(order_by="name desc")["shares"]] == ascending[::-1]
    for query, hits in (("Gel run 4", 1), (f"SD{DOCUMENT}", 1), ("nothing like it", 0)):
        assert alice.get_shared_items(query=query)["totalHits"] == hits, query
    refused(400, alice.get_shared_items, page_size=0)
    refused(400, alice.get_shared_items, page_size=101)
    refused(400, alice.get_shared_items, order_by="sharee asc")


def paging_by_links(lab: Lab) -> None:
    alice = lab.client("alice")
    alice.shareDocuments([DOCUMENT, SECOND, NOTEBOOK], GROUP)
    page = alice.get_shared_items(page_size=1)
    assert alice.link_exists(page, "next")
    if lab.is_observed:  # the link leads to the list of forms
        assert "/forms?" in alice.get_link(page, "next")
        return
    names = [page["shares"][0]["shareItemName"]]
    while alice.link_exists(page, "next"):
        page = alice.get_link_contents(page, "next")
        names.append(page["shares"][0]["shareItemName"])
    assert (page["pageNumber"], len(names), names) == (2, 3, sorted(names))
    try:
        alice.get_link_contents(page, "next")
    except NoSuchLinkRel:
        return
    raise AssertionError("there is a page behind the last")


def unsharing(lab: Lab) -> None:
    alice = lab.client("alice")
    share = alice.shareDocuments([DOCUMENT], GROUP)["shareInfos"][0]["id"]
    refused(404, lab.client("carol").unshareItem, share)
    assert alice.unshareItem(share).status_code == 204
    refused(404, alice.unshareItem, share)


def not_allowed(lab: Lab) -> None:
    for client, item in ((lab.client("alice"), BOBS), (lab.client("carol"), CAROLS)):
        if lab.is_observed:
            refused(401, client.shareDocuments, [item], GROUP)
        else:
            assert client.shareDocuments([item], GROUP)["failedShares"] == [item]


def raw_requests(lab: Lab) -> None:
    alice = lab.client("alice")

    def share(**body: Any) -> Any:
        return alice.retrieve_api_results("/share", body, request_type="POST")

    refused(400, share, itemsToShare=[], groups=[{"id": GROUP}])
    refused(400, share, itemsToShare=[DOCUMENT])
    refused(400, share, itemsToShare=[DOCUMENT], groups=[{"id": GROUP, "permission": "WRITE"}])
    [info] = share(itemsToShare=[DOCUMENT], users=[{"id": BOB}])["shareInfos"]
    assert (info["sharedTargetType"], info["sharedTargetId"]) == ("USER", BOB)
    change = {"shareId": info["id"], "permission": "EDIT"}
    alice.retrieve_api_results("/share", change, request_type="PUT")
    assert [one["permission"] for one in alice.get_shared_items()["shares"]] == ["EDIT"]
    assert alice.retrieve_api_results(f"/groups/{GROUP}")["id"] == GROUP
    shares = alice.retrieve_api_results(f"/share/document/{DOCUMENT}")
    assert [one["recipientId"] for one in shares["directShares"]] == [BOB]


def documents(lab: Lab) -> None:
    alice, bob = lab.client("alice"), lab.client("bob")
    total = alice.get_documents()["totalHits"]
    assert total > 0
    assert len(list(alice.stream_documents(Pagination(page_size=1)))) == total
    assert alice.get_document("SD1234")["id"] == alice.get_document(DOCUMENT)["id"] == DOCUMENT

    def received() -> list[int]:
        return [one["id"] for one in bob.get_documents()["documents"]]

    assert DOCUMENT not in received()
    share = alice.shareDocuments([DOCUMENT], GROUP)["shareInfos"][0]["id"]
    assert DOCUMENT in received()
    alice.unshareItem(share)
    assert DOCUMENT not in received()


def advanced_query(lab: Lab) -> None:
    alice, kinds = lab.client("alice"), AdvancedQueryBuilder.QueryType
    for operator, hits in (("and", 0), ("or", 2)):
        query = AdvancedQueryBuilder(operator).add_term("gel run", kinds.NAME).add_term("TAE", kinds.FULL_TEXT)
        assert alice.get_documents_advanced_query(str(query))["totalHits"] == hits, operator
    refused(400, alice.get_documents_advanced_query, "gel")


def published_sample(lab: Lab) -> None:
    """Do what the client's own example of sharing does, then end the share and delete the document."""
    alice = lab.client("alice")
    group = alice.get_groups()[0]
    document = alice.create_document(name="A basic document", tags=["Python", "API"], fields=[{"content": "Some text"}])
    assert document["globalId"] == f"SD{document['id']}"
    assert document["tags"] == "Python,API"
    folder = alice.create_folder("Subfolder", group["sharedFolderId"])
    shared = alice.shareDocuments([document["id"]], group["id"], sharedFolderId=folder["id"])
    listed = alice.get_shared_items()
    assert [one["shareItemName"] for one in listed["shares"]] == ["A basic document"]
    assert not alice.link_exists(listed, "next")
    assert alice.unshareItem(shared["shareInfos"][0]["id"]).status_code == 204
    assert alice.delete_document(document["id"]).status_code == 204
    refused(404, alice.get_document, document["id"])


SCENARIOS = (
    status,
    wrong_key,
    groups,
    sharing,
    listing,
    paging_by_links,
    unsharing,
    not_allowed,
    raw_requests,
    documents,
    advanced_query,
    published_sample,
)


def main(origin: str, behaviour: str) -> None:
    told: dict[str, str | None] = {}
    for number, scenario in enumerate(SCENARIOS):
        try:
            scenario(Lab(origin, behaviour, f"{behaviour}{number}"))
            told[scenario.__name__] = None
        except Exception:
            told[scenario.__name__] = traceback.format_exc()
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
