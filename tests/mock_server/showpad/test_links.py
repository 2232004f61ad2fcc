"""The pages that buyers open: what they show, refuse and report (SHARE-TRACK, LINK-)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from showpad_mock import MockShowpad, MockTenant
from showpad_mock.serving.serve import load
from showpad_mock.settings import load_settings
from showpad_mock.showpad.domain import links
from showpad_mock.testing.server import MockServer

from ...harness.api import Api, in_process, rules_of

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def api(runner: asyncio.Runner) -> Iterator[Api]:
    """A tenant under the root of its server; its clock stands still."""
    with MockShowpad() as server, server.tenant("acme") as tenant:
        tenant.freeze("2026-03-10T12:00:00.000Z")
        yield in_process(tenant, server.app, runner, "")


def share(api: Api, **fields: Any) -> dict[str, Any]:
    asset = {"id": api.tenant.asset_id("brochure"), "page": 3}
    body = {"title": "Offer & <b>terms</b>", "origin": "test", "assets": [asset], **fields}
    answer = api.post("/v4/shares", body)
    assert answer.status_code == 201, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def path(address: str) -> str:
    return address.removeprefix("https://acme.showpad.com")


def open_(api: Api, address: str, **options: Any) -> httpx2.Response:
    """Open one of Showpad's addresses through its own host name."""
    return api.get(path(address), as_=None, headers={"Host": "acme.showpad.com"}, **options)


def viewed(api: Api) -> list[dict[str, Any]]:
    return [one["data"] for one in api.tenant.events if one["type"] == "link-share-viewed"]


@pytest.mark.parametrize("way", ["anonymousUrl", "untrackedUrl", "dynamicUrl"])
def test_each_address_shows_what_is_shared(api: Api, way: str) -> None:
    answer = open_(api, share(api)[way])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    for shown in ("Offer &amp; &lt;b&gt;terms&lt;/b&gt;", "opens at page 3", "Download"):
        assert shown in answer.text
    assert "<b>" not in answer.text
    assert "script-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.rule("LINK-404")
def test_the_same_is_under_links_for_hosts_that_name_no_tenant(api: Api) -> None:
    shown = share(api)
    answer = api.get(f"/links/acme{path(shown['anonymousUrl'])}", as_=None)
    assert answer.status_code == 200
    assert f'action="/links/acme{path(shown["anonymousUrl"])}/reshare"' in answer.text
    elsewhere = api.get(f"/links/other{path(shown['anonymousUrl'])}", as_=None)
    assert (elsewhere.status_code, rules_of(elsewhere)) == (404, ["LINK-404"])
    nowhere = api.get(path(shown["anonymousUrl"]), as_=None)
    assert (nowhere.status_code, "/links/TENANT/" in nowhere.text) == (404, True)
    assert nowhere.headers["content-type"].startswith("text/html")


@pytest.mark.rule("SHARE-TRACK")
def test_the_tracked_address_reports_by_whom_the_share_was_viewed(api: Api) -> None:
    shown = share(api)
    told = open_(api, shown["dynamicUrl"], params={"recipient": "robin@example.org", "platform": "crm", "utm": "x"})
    assert (rules_of(told), "x-mock-ignored" in told.headers) == (["LINK-PAGE", "SHARE-TRACK"], False)
    [event] = viewed(api)
    assert (event["recipient"], event["platform"]) == ("robin@example.org", "crm")
    assert event["share"]["id"] == shown["id"]


@pytest.mark.rule("SHARE-TRACK")
def test_the_anonymous_address_does_not_know_who_and_the_untracked_one_reports_nothing(api: Api) -> None:
    shown, who = share(api), {"recipient": "robin@example.org", "platform": "crm"}
    open_(api, shown["untrackedUrl"], params=who)
    assert viewed(api) == []
    open_(api, shown["anonymousUrl"], params=who)
    [event] = viewed(api)
    assert (event["recipient"], event["platform"]) == (None, None)


@pytest.mark.rule("SHARE-EVENTS")
def test_passing_a_share_on_is_reported(api: Api) -> None:
    shown = share(api)
    address = f"/links/acme{path(shown['dynamicUrl'])}/reshare"
    answer = api.post(address, as_=None, content=b"email=kim%40example.org", headers=FORM)
    assert "Shared with kim@example.org." in answer.text
    assert rules_of(answer) == ["LINK-PAGE", "SHARE-EVENTS"]
    [event] = [one for one in api.tenant.events if one["type"] == "link-share-reshared"]
    assert event["data"]["recipient"] == "kim@example.org"
    refused = api.post(address, as_=None, content=b"email=nobody", headers=FORM)
    assert refused.status_code == 400


def test_the_untracked_address_cannot_be_passed_on(api: Api) -> None:
    shown = share(api)
    assert "<form" not in open_(api, shown["untrackedUrl"]).text
    address = f"/links/acme{path(shown['untrackedUrl'])}/reshare"
    assert api.post(address, as_=None, content=b"email=kim%40example.org", headers=FORM).status_code == 404


@pytest.mark.rule("LINK-404", "SHARE-TRACK")
def test_the_untracked_address_cannot_be_made_a_tracked_one(api: Api) -> None:
    tracked = share(api)["untrackedUrl"].replace("/share/", "/catalog/link/")
    answer = open_(api, tracked, params={"recipient": "robin@example.org"})
    assert (answer.status_code, rules_of(answer), viewed(api)) == (404, ["LINK-404"], [])


@pytest.mark.rule("SHARE-EXPIRED", "LINK-EXPIRED")
@pytest.mark.parametrize("way", ["anonymousUrl", "untrackedUrl", "dynamicUrl"])
def test_an_expired_share_shows_nothing_any_more(api: Api, way: str) -> None:
    shown = share(api, expiresAt="2026-03-10T13:00:00.000Z")
    assert open_(api, shown[way]).status_code == 200
    seen = viewed(api)
    api.tenant.freeze("2026-03-10T13:00:00.000Z")
    answer = open_(api, shown[way])
    assert (answer.status_code, rules_of(answer)) == (410, ["LINK-EXPIRED"])
    assert "Offer" not in answer.text
    assert viewed(api) == seen


@pytest.mark.rule("SHARE-DOWNLOAD")
@pytest.mark.parametrize(("allowed", "status"), [(True, 200), (False, 403)])
def test_downloads_are_as_the_share_allows(api: Api, *, allowed: bool, status: int) -> None:
    shown = share(api, isDownloadAllowed=allowed)
    assert ("Download</" in open_(api, shown["anonymousUrl"]).text.replace("<span", "</")) is allowed
    answer = open_(api, f"{shown['anonymousUrl']}/assets/{api.tenant.asset_id('brochure')}/download")
    assert answer.status_code == status
    saved_as = "attachment; filename*=UTF-8''Tide%20Gauge%20Brochure.txt"
    assert answer.headers.get("content-disposition") == (saved_as if allowed else None)
    assert (rules_of(answer), answer.headers["x-content-type-options"]) == (["LINK-PAGE", "SHARE-DOWNLOAD"], "nosniff")
    assert open_(api, f"{shown['anonymousUrl']}/assets/none/download").status_code == (404 if allowed else 403)


@pytest.mark.rule("AROUND-LEAVERS")
def test_a_deactivated_users_share_stays_open(api: Api) -> None:
    answer = api.post(
        "/v4/shares",
        {"title": "Theirs", "origin": "test", "assets": [{"id": api.tenant.asset_id("brochure")}]},
        as_="seller",
    )
    api.tenant.deactivate("seller")
    assert open_(api, answer.json()["anonymousUrl"]).status_code == 200


def space_with_guest(api: Api) -> tuple[dict[str, Any], dict[str, Any]]:
    body = {"owner": {"userId": api.tenant.user_id("seller")}, "title": "Room <i>1</i>"}
    space = api.post("/v4/shared-spaces", body).json()
    return space, api.tenant.add_participant(space["id"], email="robin@example.org", firstName="Robin")


def visit(api: Api, space: dict[str, Any], guest: dict[str, Any]) -> httpx2.Response:
    address = api.tenant.open_link(space["id"], guest["id"])
    return api.get(address[address.index("/links") :], as_=None)


@pytest.mark.rule("SPACE-INVITE")
def test_a_space_opens_by_invitation_only(api: Api) -> None:
    space, guest = space_with_guest(api)
    answer = open_(api, space["publicUrl"])
    assert (answer.status_code, rules_of(answer)) == (403, ["SPACE-INVITE"])
    assert "Room" not in answer.text
    shown = visit(api, space, guest)
    assert (shown.status_code, rules_of(shown)) == (200, ["LINK-PAGE"])
    assert "Room &lt;i&gt;1&lt;/i&gt;" in shown.text
    assert "Robin" in shown.text


def add(api: Api, space: dict[str, Any], *items: dict[str, Any], under: str | None = None) -> None:
    folder = {"folderItemId": under} if under is not None else {}
    answer = api.post(f"/v4/shared-spaces/{space['id']}/items", {"items": items, **folder})
    assert answer.status_code == 201, answer.text


def folder(name: str, *inside: dict[str, Any]) -> dict[str, Any]:
    return {"type": "folder", "name": name, "folderItems": inside}


@pytest.mark.rule("LINK-PAGE")
def test_a_space_shows_what_is_in_it_each_in_its_folder(api: Api) -> None:
    space, guest = space_with_guest(api)
    brochure = {"type": "asset", "assetId": api.tenant.asset_id("brochure"), "page": 2}
    add(api, space, folder("First", folder("Inner", brochure)), folder("<b>Last</b>"))
    shown = " ".join(visit(api, space, guest).text.split())
    inner = '<li>Inner <ul> <li>Tide Gauge Brochure <span class="note">page 2</span></li> </ul> </li>'
    assert f"<li>First <ul> {inner} </ul> </li> <li>&lt;b&gt;Last&lt;/b&gt; <ul> </ul> </li>" in shown


def test_a_space_opens_however_deep_its_folders_lie(api: Api) -> None:
    space, guest = space_with_guest(api)
    for _ in range(8):
        nested = folder("bottom")
        for _ in range(40):
            nested = folder("above", nested)
        made = api.tenant.items(space["id"])
        add(api, space, nested, under=made[-1]["id"] if made else None)
    shown = visit(api, space, guest)
    assert (shown.status_code, shown.text.count("bottom")) == (200, 8)


def test_a_page_of_a_space_shows_the_first_items_and_tells_of_others(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "ITEMS_SHOWN", 2)
    space, guest = space_with_guest(api)
    add(api, space, folder("one"), folder("two"))
    assert "does not show" not in visit(api, space, guest).text
    add(api, space, folder("three"))
    shown = visit(api, space, guest).text
    assert ("two" in shown, "three" in shown, "does not show" in shown) == (True, False, True)


def test_who_was_removed_does_not_come_in_and_an_invitation_is_for_one_space(api: Api) -> None:
    (space, guest), (other, _) = space_with_guest(api), space_with_guest(api)
    link = api.tenant.open_link(space["id"], guest["id"])
    token = link.partition("?")[2]
    assert api.get(f"/links/acme/s/{other['publicUri']}?{token}", as_=None).status_code == 403
    assert api.get(f"/links/other/s/{space['publicUri']}?{token}", as_=None).status_code == 404
    api.tenant.remove_participant(space["id"], guest["id"])
    assert api.get(link[link.index("/links") :], as_=None).status_code == 403


def invitations(api: Api) -> list[Any]:
    kept: list[Any] = json.loads(api.tenant.take())["tenant"]["records"].get("invitations", [])
    return kept


def test_an_invitation_goes_with_who_is_removed_and_with_the_space(api: Api) -> None:
    space, guest = space_with_guest(api)
    other = api.tenant.add_participant(space["id"], email="kim@example.org")
    for one in (guest, other):
        api.tenant.open_link(space["id"], one["id"])
    api.tenant.remove_participant(space["id"], guest["id"])
    assert [one["participant_id"] for one in invitations(api)] == [other["id"]]
    api.delete(f"/v4/shared-spaces/{space['id']}")
    assert invitations(api) == []


@pytest.mark.rule("SPACE-INVITE")
def test_an_invitation_opens_nothing_in_another_tenant_of_the_same_seed_data(api: Api) -> None:
    spaces = api.get("/v4/shared-spaces").json()["items"]
    space = next(one for one in spaces if one["status"] == "ACTIVE")
    guest = api.tenant.add_participant(space["id"], email="robin@example.org")
    link = urlsplit(api.tenant.open_link(space["id"], guest["id"]))
    elsewhere = link.path.replace("/links/acme/", "/links/other/")
    assert api.get(link.path, as_=None, params=link.query).status_code == 200
    assert api.get(elsewhere, as_=None, params=link.query).status_code == 403


@pytest.mark.rule("LINK-ARCHIVED")
def test_an_archived_space_is_closed(api: Api) -> None:
    space, guest = space_with_guest(api)
    api.patch(f"/v4/shared-spaces/{space['id']}", {"status": "ARCHIVED"})
    answer = visit(api, space, guest)
    assert (answer.status_code, rules_of(answer)) == (403, ["LINK-ARCHIVED"])


@pytest.mark.rule("AROUND-LEAVERS")
def test_a_leavers_space_passes_on_when_somebody_from_outside_comes(api: Api) -> None:
    space, guest = space_with_guest(api)
    for user in ("manager", "partner"):
        api.tenant.add_participant(space["id"], user=user)
    item = {"type": "asset", "assetId": api.tenant.asset_id("brochure")}
    api.post(f"/v4/shared-spaces/{space['id']}/transfer-ownership", {"userId": api.tenant.user_id("partner")})
    api.post(f"/v4/shared-spaces/{space['id']}/items", {"items": [item]}, as_="partner", oauth=True)
    api.post(f"/v4/shared-spaces/{space['id']}/transfer-ownership", {"userId": api.tenant.user_id("seller")})
    api.tenant.deactivate("seller")
    answer = visit(api, space, guest)
    assert answer.status_code == 200
    assert "AROUND-LEAVERS" in rules_of(answer)
    owner = api.get(f"/v4/shared-spaces/{space['id']}").json()["owner"]["userId"]
    assert owner == api.tenant.user_id("partner")
    assert api.tenant.outbox[-1]["to"]["userId"] == owner


@pytest.mark.rule("AROUND-LEAVERS")
def test_a_visit_from_inside_passes_no_space_on(api: Api) -> None:
    space, _ = space_with_guest(api)
    insider = api.tenant.add_participant(space["id"], user="partner")
    api.tenant.deactivate("seller")
    assert visit(api, space, insider).status_code == 200
    owner = api.get(f"/v4/shared-spaces/{space['id']}").json()["owner"]["userId"]
    assert owner == api.tenant.user_id("seller")


@pytest.mark.rule("AROUND-LEAVERS")
def test_without_another_member_people_from_outside_lose_access(api: Api) -> None:
    space, guest = space_with_guest(api)
    api.tenant.deactivate("seller")
    answer = visit(api, space, guest)
    assert (answer.status_code, rules_of(answer)) == (403, ["AROUND-LEAVERS"])


def test_the_control_api_tells_where_links_open_on_this_server(api: Api) -> None:
    shown = share(api)
    listed = api.get("/__admin/tenants/acme/shares", as_=None, headers={"Host": "localhost"}).json()
    assert listed[-1]["localPaths"]["dynamic"] == f"/links/acme{path(shown['dynamicUrl'])}"
    assert api.tenant.local_link(shown["dynamicUrl"]).endswith(f"/links/acme{path(shown['dynamicUrl'])}")


def test_a_title_of_any_text_is_shown_as_text(api: Api) -> None:
    shown = share(api, title="</title></style><script>alert(1)</script>{{ 7*7 }}")
    answer = open_(api, shown["anonymousUrl"])
    assert "<script" not in answer.text
    assert "{{ 7*7 }}" in answer.text


def test_answers_tell_this_servers_pages_when_asked_to(runner: asyncio.Runner) -> None:
    with MockShowpad(local_links=True) as server, server.tenant("acme") as tenant:
        api = in_process(tenant, server.app, runner, "")
        title = '"publicUrl":"https://acme.showpad.com/s/x" https://acme.showpad.com/s/y'
        body = {"owner": {"userId": tenant.user_id("seller")}, "title": title}
        made = api.post("/v4/shared-spaces", body)
        space = made.json()
        assert space["publicUrl"] == f"http://in-process/links/acme/s/{space['publicUri']}"
        assert space["title"] == title
        assert int(made.headers["content-length"]) == len(made.content)
        listed = api.get("/v4/shared-spaces", params={"title": "publicUrl"}).json()["items"]
        assert [one["publicUrl"] for one in listed] == [space["publicUrl"]]
        shown = share(api)
        for name in ("anonymousUrl", "untrackedUrl", "dynamicUrl"):
            assert api.get(shown[name].removeprefix("http://in-process"), as_=None).status_code == 200
        assert tenant.outbox[-1]["link"].startswith("https://acme.showpad.com/")


@pytest.mark.rule("CREATE-NOTIFY", "TRANSFER-NOTIFY")
def test_the_outbox_tells_where_its_links_open_on_this_server(api: Api) -> None:
    space, guest = space_with_guest(api)
    api.post(f"/v4/shared-spaces/{space['id']}/transfer-ownership", {"userId": api.tenant.user_id("partner")})
    invitation = urlsplit(api.tenant.open_link(space["id"], guest["id"])).query
    for notification in api.tenant.outbox:
        assert notification["link"] == space["publicUrl"]
        assert api.get(notification["localPath"], as_=None, params=invitation).status_code == 200


@pytest.mark.parametrize(
    ("arguments", "begins"),
    [(["--links", "local"], "http://in-process/links/acme/"), ([], "https://acme.showpad.com/")],
)
def test_serve_tells_links_as_it_is_asked_to(runner: asyncio.Runner, arguments: list[str], begins: str) -> None:
    app = load(load_settings(arguments, {}), None, lambda _: pytest.fail("no state was asked for"))
    with MockServer(app, MockTenant) as server, server.tenant("acme") as tenant:
        assert share(in_process(tenant, server.app, runner, ""))["dynamicUrl"].startswith(begins)


@pytest.mark.parametrize("host", ["a\\q", 'a"b', "a\\g<1>x", "a b"])
def test_a_host_that_is_none_leaves_the_vendors_links(runner: asyncio.Runner, host: str) -> None:
    with MockShowpad(local_links=True) as server, server.tenant("acme") as tenant:
        api = in_process(tenant, server.app, runner, "")
        body = {"owner": {"userId": tenant.user_id("seller")}, "title": "A space"}
        made = api.post("/v4/shared-spaces", body, headers={"Host": host})
        space = made.json()
        assert (made.status_code, space["publicUrl"]) == (201, f"https://acme.showpad.com/s/{space['publicUri']}")
        assert tenant.exchanges[-1].status == 201


def test_a_link_that_leads_nowhere_opens_no_tenant(api: Api) -> None:
    for path in ("share/x", "catalog/link/x", "s/x"):
        answer = api.get(f"/links/nobody/{path}", as_=None)
        assert (answer.status_code, rules_of(answer)) == (404, ["LINK-404"])
    listed = api.get("/__admin/tenants", as_=None, headers={"Host": "localhost"}).json()
    assert [one["name"] for one in listed] == ["acme"]


def test_a_form_of_many_fields_is_read_for_the_one_that_counts(api: Api) -> None:
    address = f"/links/acme{path(share(api)['dynamicUrl'])}/reshare"
    many = "&".join(f"a{number}=1" for number in range(50))
    assert api.post(address, as_=None, content=many.encode(), headers=FORM).status_code == 400
    told = api.post(address, as_=None, content=f"{many}&email=kim%40example.org".encode(), headers=FORM)
    assert "Shared with kim@example.org." in told.text


@pytest.mark.rule("AROUND-LEAVERS", "ROLE-DEACTIVATED")
def test_a_leavers_space_passes_to_nobody_who_may_own_none(api: Api) -> None:
    space, guest = space_with_guest(api)
    api.tenant.add_participant(space["id"], user="unlicensed")
    api.tenant.deactivate("seller")
    assert visit(api, space, guest).status_code == 403


def test_an_invitation_is_a_secret_of_the_journals(api: Api) -> None:
    space, guest = space_with_guest(api)
    link = api.tenant.open_link(space["id"], guest["id"])
    visit(api, space, guest)
    assert link.partition("invitation=")[2] not in "".join(map(repr, api.tenant.exchanges))
