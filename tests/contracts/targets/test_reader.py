from __future__ import annotations

from pathlib import Path

import pytest

from showpad_contracts.core.target import TargetError
from showpad_contracts.core.violation import TargetLacks
from showpad_contracts.showpad.targets import TARGETS
from showpad_contracts.targets.reader import is_loopback, subdomain_of

SECRET = "s3cret-t0ken-of-admin"
TENANT = """
base_url = "https://acme.api.showpad.com/v4"
[actors.admin]
user_id = "1"
email = "admin@example.com"
api_token = "ACME_ADMIN"
[offers]
picture = "2"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "acme.toml"


def refusal(file: Path, text: str) -> str:
    file.write_text(text)
    with pytest.raises(TargetError) as refused:
        TARGETS.read(file, {})
    return str(refused.value)


def test_a_target_file_tells_who_can_act_and_what_is_offered(file: Path) -> None:
    file.write_text(TENANT)
    target = TARGETS.choose(str(file), {"ACME_ADMIN": SECRET})
    assert (target.name, target.subdomain, target.is_own) == ("acme", "acme", False)
    assert target.token("admin", oauth=False) == SECRET
    assert target.user_id("admin") == "1"
    assert target.offer("picture") == "2"


@pytest.mark.parametrize(
    ("ask", "named"),
    [
        (lambda target: target.actor("owner"), "the actor owner"),
        (lambda target: target.token("admin", oauth=True), "the OAuth token of admin"),
        (lambda target: target.token("admin", oauth=False), "the API token of admin: ACME_ADMIN is not set"),
        (lambda target: target.offer("archived_asset"), "archived asset"),
    ],
)
def test_what_a_target_lacks_is_named(file: Path, ask: object, named: str) -> None:
    file.write_text(TENANT)
    with pytest.raises(TargetLacks, match=f"^{named}$"):
        ask(TARGETS.read(file, {}))  # type: ignore[operator]  # a lambda of the table above


def test_no_token_shows_in_a_target_that_is_printed(file: Path) -> None:
    file.write_text(TENANT)
    assert SECRET not in repr(TARGETS.read(file, {"ACME_ADMIN": SECRET}))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("base_url = ", "is no TOML"),
        ("", "base_url: must be"),
        ('base_url = "https://acme.api.showpad.com"', "base_url: must be"),
        (TENANT + "[actor]\n", "actor: is none of actors, base_url"),
        (TENANT + "[actors.boss]\n", "actors.boss: is none of"),
        (TENANT.replace("user_id", "userid"), "actors.admin.userid: is none of"),
        (TENANT.replace('"1"', "1"), "actors.admin.user_id: must be a text, got 1"),
        ("offers = 3\n" + TENANT.partition("[offers]")[0], "offers: must be a table"),
        ("verify = 'nowhere.pem'\n" + TENANT, "verify: must be true, false or a file"),
    ],
)
def test_a_file_that_cannot_be_is_refused_naming_file_and_place(file: Path, text: str, place: str) -> None:
    said = refusal(file, text)
    assert str(file) in said
    assert place in said


def test_a_file_that_is_missing_is_refused(file: Path) -> None:
    with pytest.raises(TargetError, match="cannot be read"):
        TARGETS.choose(str(file), {})


@pytest.mark.parametrize("written", [f'"{SECRET}"', f'["{SECRET}"]', f'{{value = "{SECRET}"}}'])
def test_a_token_in_the_file_itself_is_refused_without_showing_it(file: Path, written: str) -> None:
    said = refusal(file, TENANT.replace('"ACME_ADMIN"', written))
    assert "must name an environment variable" in said
    assert SECRET not in said


@pytest.mark.parametrize("value", [SECRET + " x", SECRET + "\x00", SECRET + "é"])
def test_a_token_that_no_header_can_carry_is_refused_without_showing_it(file: Path, value: str) -> None:
    file.write_text(TENANT)
    with pytest.raises(TargetError, match="ACME_ADMIN: must be a token") as refused:
        TARGETS.read(file, {"ACME_ADMIN": value})
    assert SECRET not in str(refused.value)


def test_the_newline_at_the_end_of_a_token_from_a_file_does_no_harm(file: Path) -> None:
    file.write_text(TENANT)
    assert TARGETS.read(file, {"ACME_ADMIN": SECRET + "\n"}).token("admin", oauth=False) == SECRET


def test_a_url_takes_its_tokens_from_variables_and_lacks_user_ids() -> None:
    environ = {"SHOWPAD_TOKEN_ADMIN": SECRET, "SHOWPAD_OAUTH_OWNER": SECRET, "SHOWPAD_SUBDOMAIN": "acme"}
    target = TARGETS.choose("http://127.0.0.1:7470/v4", environ)
    assert {name for name, one in target.actors.items() if one.api_token or one.oauth_token} == {"admin", "owner"}
    assert target.token("owner", oauth=True) == SECRET
    assert target.subdomain == "acme"
    with pytest.raises(TargetLacks, match="the user id of owner"):
        target.user_id("owner")


def test_a_token_whose_variable_is_not_set_is_lacking_by_the_name_of_the_variable(file: Path) -> None:
    file.write_text(TENANT)
    with pytest.raises(TargetLacks, match="the API token of admin: ACME_ADMIN is not set"):
        TARGETS.read(file, {}).token("admin", oauth=False)
    with pytest.raises(TargetLacks, match="the OAuth token of owner: SHOWPAD_OAUTH_OWNER is not set"):
        TARGETS.choose("http://127.0.0.1:7470/v4", {}).token("owner", oauth=True)


def test_the_subdomain_of_an_address_of_this_machine_is_lacking() -> None:
    target = TARGETS.choose("http://127.0.0.1:7470/v4", {})
    with pytest.raises(TargetLacks, match="its subdomain"):
        _ = target.subdomain


@pytest.mark.parametrize("url", ["https://acme.api.showpad.com/v4", "http://10.0.0.1/v4", "http://localhost.evil/v4"])
def test_another_machine_has_to_be_named_in_a_target_file(url: str) -> None:
    with pytest.raises(TargetError, match="name it in a target file"):
        TARGETS.choose(url, {})


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost", "[::1]"])
def test_loopback_is_this_machine(host: str) -> None:
    assert is_loopback(f"http://{host}:1/v4")


@pytest.mark.parametrize(
    "url",
    ["ftp://h/v4", "http:///v4", "http://h/", "http://h:0/v4", "http://h:x/v4", "http://h/v4?a=b", "http://h/v4#a"],
)
def test_what_is_no_base_url_is_refused(url: str) -> None:
    with pytest.raises(TargetError, match="must be http"):
        TARGETS.check_url(url, "here")


def test_a_password_in_an_address_is_refused_without_showing_it() -> None:
    with pytest.raises(TargetError) as refused:
        TARGETS.check_url(f"https://admin:{SECRET}@acme.api.showpad.com/v4", "here")
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(("host", "label"), [("acme.api.showpad.com", "acme"), ("mock", None), ("10.0.0.1", None)])
def test_the_subdomain_is_the_first_label_of_a_full_name(host: str, label: str | None) -> None:
    assert subdomain_of(f"https://{host}/v4") == label


# OAuth

OAUTH = (
    TENANT
    + """
[oauth]
client_id = "{subdomain}-kit"
client_secret = "ACME_SECRET"
redirect_uri = "https://client.example.com/back"
username = "kit@example.com"
password = "ACME_PASSWORD"
other = {client_id = "another", client_secret = "ACME_OTHER"}
"""
)
SET = {"ACME_SECRET": SECRET, "ACME_PASSWORD": f"{SECRET}-2", "ACME_OTHER": f"{SECRET}-3", "ACME_ADMIN": f"{SECRET}-4"}


def test_an_oauth_client_has_its_secrets_from_the_environment_and_showpads_address(file: Path) -> None:
    file.write_text(OAUTH)
    target = TARGETS.read(file, SET)
    client = target.oauth_client()
    assert target.at(client.url) == "https://acme.showpad.biz/api/v3/oauth2"
    assert target.filled(client.client_id) == "acme-kit"
    assert sorted(target.secrets()) == sorted(SET.values())
    assert SECRET not in repr(target)
    assert not client.consent


def test_without_a_table_for_it_there_is_no_oauth_client(file: Path) -> None:
    file.write_text(TENANT)
    with pytest.raises(TargetLacks, match=r"^an OAuth client$"):
        TARGETS.read(file, {}).oauth_client()


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("client_id", "id", "oauth.id: is none of"),
        ('"{subdomain}-kit"', "7", "oauth.client_id: must be a text"),
        ('"{subdomain}-kit"', '""', "oauth.client_id: must be the id"),
        ('"kit@example.com"', "7", "oauth.username: must be a text"),
        ("[oauth]", '[oauth]\nurl = "https://me:secret@acme.showpad.biz/oauth2"', "oauth.url: must be http"),
        ("[oauth]", '[oauth]\nurl = "acme.showpad.biz"', "oauth.url: must be http"),
        ("[oauth]", "[oauth]\nconsent = {user = 7}", "oauth.consent.user: must be a text"),
        ('"another"', '"another", secret = "X"', "oauth.other.secret: is none of"),
    ],
)
def test_an_oauth_client_that_cannot_be_is_refused_naming_the_place(file: Path, old: str, new: str, place: str) -> None:
    assert place in refusal(file, OAUTH.replace(old, new, 1))


@pytest.mark.parametrize("name", ["client_secret", "password"])
def test_a_secret_in_the_file_itself_is_refused_without_showing_it(file: Path, name: str) -> None:
    said = refusal(file, OAUTH.replace(f'{name} = "', f'{name} = "{SECRET} '))
    assert "must name an environment variable" in said
    assert SECRET not in said


def test_a_secret_too_short_to_be_taken_out_of_reports_is_refused_without_showing_it(file: Path) -> None:
    file.write_text(OAUTH)
    with pytest.raises(TargetError, match="ACME_PASSWORD: must have 8 characters or more") as refused:
        TARGETS.read(file, {**SET, "ACME_PASSWORD": "hunter2"})
    assert "hunter2" not in str(refused.value)
