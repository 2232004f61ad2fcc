"""The page that asks a user, and what its answer makes of the request (AROUND-OAUTH)."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest

from ....harness.api import Api, rules_of
from .flow import authorize, client_id, code, exchange, sent_back

VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@pytest.mark.rule("AROUND-OAUTH")
def test_the_page_names_client_scopes_and_users(api: Api) -> None:
    answer = authorize(api, scope="read_user_management", audience="of no meaning")
    assert (answer.status_code, rules_of(answer)) == (200, ["AROUND-OAUTH"])
    assert "x-mock-ignored" not in answer.headers
    for shown in ("Halden CRM bridge", "acme", "read_user_management", "Sofia Lindqvist"):
        assert shown in answer.text
    assert 'value="deactivated"' not in answer.text


def test_what_was_asked_goes_along_with_the_answer_and_as_text(api: Api) -> None:
    page = authorize(api, state='"><script>alert(1)</script>').text
    assert "<script" not in page
    assert 'name="state" value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in page
    assert f'name="client_id" value="{client_id(api)}"' in page


def test_a_link_does_not_answer_for_the_user(api: Api) -> None:
    page = authorize(api, user="admin", decision="allow").text
    assert re.findall('type="hidden" name="([^"]*)"', page) == ["response_type", "redirect_uri", "client_id"]
    assert re.findall('name="decision" value="([^"]*)"', page) == ["allow", "deny"]


def test_no_script_runs_and_the_form_goes_home_or_to_the_client(api: Api) -> None:
    policy = authorize(api).headers["content-security-policy"]
    for part in ("default-src 'none'", "script-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert part in policy
    assert "form-action 'self' http://127.0.0.1:5000" in policy


def test_the_policy_names_the_style_that_the_page_has(api: Api) -> None:
    answer = authorize(api)
    style = re.search("<style>(.*?)</style>", answer.text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in answer.headers["content-security-policy"]


def test_allowing_sends_back_code_and_state(api: Api) -> None:
    told = sent_back(authorize(api, "POST", user="seller", decision="allow", state="a&b c"))
    assert told["state"] == "a&b c"
    assert told["code"].startswith("mock-code.acme.")


def test_denying_sends_back_that_it_was_denied(api: Api) -> None:
    told = sent_back(authorize(api, "POST", decision="deny", state="s"))
    assert (told["error"], told["state"]) == ("access_denied", "s")


@pytest.mark.parametrize("user", ["seller", "sofia.lindqvist@example.com", "3d57fdd4699b20391685706edc3785ef"])
def test_a_script_may_name_the_user_as_it_likes(api: Api, user: str) -> None:
    assert exchange(api, code(api, user)).status_code == 200


@pytest.mark.parametrize(
    "answer",
    [{"user": "nobody", "decision": "allow"}, {"user": "deactivated", "decision": "allow"}, {"user": "seller"}, {}],
)
@pytest.mark.rule("AROUND-OAUTH-ERRORS")
def test_an_answer_that_decides_nothing_is_told_so(api: Api, answer: dict[str, str]) -> None:
    told = authorize(api, "POST", **answer)
    assert (told.status_code, rules_of(told)) == (400, ["AROUND-OAUTH-ERRORS"])
    assert "active user" in told.text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"client_id": "mock.acme.nobody"}, "has no client of that id"),
        ({"client_id": ""}, "names a tenant"),
        ({"redirect_uri": "https://evil.example.com/callback"}, "redirect"),
        ({"redirect_uri": "http://127.0.0.1:5000/other"}, "redirect"),
        ({"redirect_uri": "http://somebody@127.0.0.1:5000/callback"}, "redirect"),
        ({"redirect_uri": "http://127.0.0.1:5;x/callback"}, "redirect"),
        ({"redirect_uri": "/callback"}, "redirect"),
        ({"redirect_uri": ""}, "redirect"),
    ],
)
def test_whoever_it_may_not_be_sent_to_is_not_sent_to(api: Api, fields: dict[str, str], told: str) -> None:
    for method in ("GET", "POST"):
        answer = authorize(api, method, **fields)
        assert "location" not in answer.headers
        assert answer.status_code == 400
        assert told in answer.text.lower() or told in answer.text


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "none"}, "unauthorized_client"),
        ({"response_type": ""}, "invalid_request"),
        ({"scope": "everything"}, "invalid_scope"),
        ({"code_challenge": CHALLENGE, "code_challenge_method": "S512"}, "invalid_request"),
        *(({"code_challenge": wrong}, "invalid_request") for wrong in ("v" * 42, "v" * 129, "+" * 43)),
    ],
)
def test_the_client_is_told_what_is_wrong_at_its_own_address(api: Api, fields: dict[str, str], error: str) -> None:
    told = sent_back(authorize(api, state="s", **fields))
    assert (told["error"], told["state"]) == (error, "s")


@pytest.mark.rule("AROUND-OAUTH")
@pytest.mark.parametrize(("method", "challenge"), [("S256", CHALLENGE), ("plain", VERIFIER), ("", VERIFIER)])
def test_pkce_binds_the_code_to_its_verifier(api: Api, method: str, challenge: str) -> None:
    def drawn() -> str:
        return code(api, code_challenge=challenge, code_challenge_method=method)

    assert exchange(api, drawn(), code_verifier=VERIFIER).status_code == 200
    refused = exchange(api, drawn(), code_verifier="w" * 43).json()
    assert refused["error"] == "invalid_grant"
    assert "code_verifier" in refused["error_description"]
    assert exchange(api, drawn()).status_code == 400


def test_a_public_client_needs_no_secret(api: Api) -> None:
    mine = {"client_id": client_id(api, "desktop")}
    drawn = code(api, code_challenge=CHALLENGE, code_challenge_method="S256", **mine)
    answer = exchange(api, drawn, code_verifier=VERIFIER, client_secret="", **mine)
    assert answer.status_code == 200
