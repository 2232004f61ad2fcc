"""A target as a file: what is known of it, and in comments what is not."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..core.target import Target
from .reader import Targets


def lines(target: Target, targets: Targets) -> Iterator[str]:
    """Return a target's file; tokens are named by their variables, never told."""
    yield "# A target of showpad-contracts. Tokens are read from the environment variables that are named here."
    yield "# What is commented out was not found: fill it in, or the checks that need it are skipped."
    yield f"name = {_toml(target.name)}"
    yield f"base_url = {_toml(target.base_url)}"
    yield f"subdomain = {_toml(target.tenant)}" if target.tenant is not None else '# subdomain = "SUBDOMAIN"'
    for name, who in targets.roles.items():
        yield from ["", *_actor(target, name, who)]
    if targets.oauth_url is not None:
        yield from ["", *_client(targets.oauth_url)]
    yield from ["", "[offers]"]
    for name, (what, example) in targets.offers.items():
        yield f"# {what}"
        known = name in target.offers
        yield f"{'' if known else '# '}{name} = {_toml(target.offers[name] if known else example)}"


def _actor(target: Target, name: str, who: str) -> Iterator[str]:
    actor = target.actors.get(name)
    members = ("user_id", "email", "api_variable", "oauth_variable")
    known = {member: getattr(actor, member, None) for member in members}
    has_token = actor is not None and (actor.api_token is not None or actor.oauth_token is not None)
    is_known = has_token or any(known[member] for member in ("user_id", "email"))
    mark = "" if is_known else "# "
    yield f"# {who}"
    yield f"{mark}[actors.{name}]"
    named = {"user_id": "ID", "email": "EMAIL", "api_token": "VARIABLE", "oauth_token": "VARIABLE"}
    for (member, key), example in zip(zip(members, named, strict=True), named.values(), strict=True):
        value = known[member]
        # A variable is looked into for every role: its name alone does not make somebody known.
        is_set = value is not None and (member in ("user_id", "email") or is_known)
        yield f"{'' if is_set else '# '}{key} = {_toml(value or example)}"


def _client(url: str) -> Iterator[str]:
    yield "# A program that may ask for tokens, and a user for whom it may, best a user of its own: with --allow-writes"
    yield "# it logs in, with a wrong password once too. Secrets are named by their variables."
    yield "# [oauth]"
    example = {"url": url, "client_id": "ID", "client_secret": "VARIABLE", "redirect_uri": "https://client.example.com"}
    for name, value in {**example, "username": "EMAIL", "password": "VARIABLE"}.items():
        yield f"# {name} = {_toml(value)}"


def _toml(value: Any) -> str:
    """Write a value; texts of JSON are texts of TOML, but for characters beyond the first 65,536 and DEL."""
    if isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name} = {_toml(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(inner) for inner in value) + "]"
    return repr(value)
