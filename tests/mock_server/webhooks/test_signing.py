"""Signatures: as the reference has them, and refused where anything is wrong (AROUND-DELIVERY)."""

from __future__ import annotations

import subprocess

import pytest

from showpad_mock.webhooks import sign, verify

from ...harness.installed import program

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


IN_NODE = """
const [body, signatures, at, key] = process.argv.slice(1);
const mine = require("crypto").createHmac("sha256", key).update(body + "." + at).digest("base64");
process.stdout.write(String(signatures.split(",").includes(mine)));
"""


@pytest.mark.rule("AROUND-DELIVERY")
@pytest.mark.parametrize(("key", "told"), [(KEY, "true"), ("other", "false")])
def test_a_signature_is_verified_in_node(key: str, told: str) -> None:
    both = ",".join(sign(BODY, AT, key) for key in ("new", KEY))
    arguments = ["-e", IN_NODE, "--", BODY.decode(), both, str(AT), key]
    done = subprocess.run([program("node"), *arguments], capture_output=True, text=True, check=True)
    assert done.stdout == told


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
        {"signature": sign(BODY, AT, KEY).rstrip("=")},
        {"signature": sign(BODY, AT, KEY).lower()},
    ],
)
def test_whatever_is_wrong_it_is_refused(wrong: dict[str, object]) -> None:
    assert not is_verified(**wrong)
