"""Signatures: as the reference has them, and refused where anything is wrong (AROUND-DELIVERY)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from showpad_mock import MockShowpad
from showpad_mock.webhooks import sign, verify

from ...harness.installed import environment, program
from ...harness.receiver import Received, Receiver

KEY, BODY, AT = "k3y", b'{"type":"shared-space-created"}', 1_700_000_000


@pytest.mark.rule("AROUND-DELIVERY")
def test_a_signature_is_what_openssl_makes_of_body_dot_timestamp() -> None:
    made = subprocess.run(
        [program("openssl"), "dgst", "-sha256", "-hmac", KEY, "-binary"],
        input=BODY + b"." + str(AT).encode(),
        capture_output=True,
        check=True,
    )
    encoded = subprocess.run(["base64"], input=made.stdout, capture_output=True, check=True).stdout
    assert sign(BODY, AT, KEY) == encoded.decode().strip()


VERIFIERS = Path(__file__).parent / "verifiers"
IN_OTHER_WORDS = {
    "python": lambda: [sys.executable, "-S", str(VERIFIERS / "verify_delivery.py")],
    "node": lambda: [program("node"), str(VERIFIERS / "verify.mjs")],
    "go": lambda: [program("go"), "run", str(VERIFIERS / "verify.go")],
}


@pytest.fixture(scope="module")
def delivered() -> tuple[Received, list[str]]:
    """A delivery over HTTP while its key is changed, and both keys."""
    with MockShowpad() as server, server.tenant() as tenant, Receiver() as receiver:
        asked = {"name": "CRM", "url": receiver.url, "types": ["shared-space-created"]}
        made = httpx2.post(f"{tenant.origin}/webhooks/v1/subscriptions", json=asked, headers=tenant.headers()).json()
        keys = f"{tenant.origin}/__admin/tenants/{tenant.name}/webhooks/subscriptions/{made['id']}/keys"
        new = httpx2.post(keys).json()
        space = {"title": "Sm\u00f8rebr\u00f8d \U0001f41f", "owner": {"userId": tenant.user_id("seller")}}
        httpx2.post(f"{tenant.base_url}/shared-spaces", json=space, headers=tenant.headers())
        tenant.deliver()
        (one,) = receiver.received
        return one, [made["signatureKey"], new["signatureKey"]]


@pytest.mark.rule("AROUND-DELIVERY")
@pytest.mark.parametrize("language", IN_OTHER_WORDS)
def test_a_delivery_is_verified_by_whoever_reads_the_reference(
    language: str, delivered: tuple[Received, list[str]], tmp_path: Path
) -> None:
    one, keys = delivered
    sent = [one.headers["x-showpad-signature-v1"], one.headers["x-showpad-signature-timestamp"]]

    def told(key: str, body: bytes) -> str:
        command = [*IN_OTHER_WORDS[language](), *sent, key]
        return subprocess.run(command, input=body, env=environment(tmp_path), stdout=-1, check=True).stdout.decode()

    assert [told(key, one.body) for key in (*keys, "other")] == ["true", "true", "false"]
    assert told(keys[0], one.body + b" ") == "false"


def is_verified(**other: object) -> bool:
    asked: dict[str, object] = {
        "body": BODY,
        "signature": sign(BODY, AT, KEY),
        "timestamp": str(AT),
        "key": KEY,
        "now": AT,
        **other,
    }
    return verify(asked.pop("body"), **asked)  # type: ignore[arg-type]  # one of them is replaced by name


@pytest.mark.rule("AROUND-DELIVERY")
@pytest.mark.parametrize("now", [AT - 300, AT, AT + 300])
def test_a_fresh_delivery_is_verified(now: int) -> None:
    assert is_verified(now=now)


@pytest.mark.rule("AROUND-DELIVERY")
@pytest.mark.parametrize("now", [AT - 301, AT + 301])
def test_more_than_five_minutes_off_is_refused(now: int) -> None:
    assert not is_verified(now=now)


@pytest.mark.rule("AROUND-DELIVERY")
def test_any_of_several_signatures_will_do() -> None:
    several = f"{sign(BODY, AT, 'new')}, {sign(BODY, AT, KEY)}"
    assert is_verified(signature=several)
    assert not is_verified(signature=several, key="third")


@pytest.mark.parametrize(
    "wrong",
    [
        {"body": BODY + b" "},
        {"key": "other"},
        {"timestamp": str(AT + 1)},
        {"timestamp": f" {AT}"},
        {"timestamp": "\u0661"},
        {"timestamp": ""},
        {"timestamp": "9" * 5000},
        {"signature": ""},
        {"signature": "\u00e9"},
        {"signature": "\udce9"},
        {"signature": sign(BODY, AT, KEY).rstrip("=")},
        {"signature": sign(BODY, AT, KEY).lower()},
    ],
)
def test_whatever_is_wrong_it_is_refused(wrong: dict[str, object]) -> None:
    assert not is_verified(**wrong)
