"""Subscriptions to webhooks on the wire (AROUND-WEBHOOKS)."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, NotRequired
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field
from typing_extensions import TypedDict

from ...core.clock import iso
from ...core.redaction import REDACTED, is_secret
from ...webhooks.records import Attempt
from ..domain.page import Page
from ..domain.subscriptions import (
    CustomHeader,
    EventType,
    NewSubscription,
    Subscription,
    SubscriptionChanges,
    SubscriptionQuery,
)
from .forms import Limit50, Offset, body_form, partial_body_form, query_form

TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
VALUE = re.compile(r"[\x20-\x7e]*")
VISIBLE = re.compile(r"[\x21-\x7e]+")
OURS = re.compile(
    "accept-encoding|connection|content-.*|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade|x-mock-.*|x-showpad-.*",
    re.IGNORECASE,
)
"""Headers that a delivery has of its own, or that would change how it is read."""


def _endpoint(text: str) -> str:
    parts = urlsplit(text)
    if VISIBLE.fullmatch(text) is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an http or https URL with a host, in visible ASCII characters")
    if parts.port == 0:  # asked for: another faulty port raises by itself
        raise ValueError("the port must be between 1 and 65535")
    if "@" in parts.netloc or parts.fragment:
        raise ValueError("must have neither a user nor a fragment")
    return text


def _header_name(name: str) -> str:
    if TOKEN.fullmatch(name) is None:
        raise ValueError("must be a header's name")
    if OURS.fullmatch(name) is not None:
        raise ValueError("is a header that every delivery has a value of its own for")
    return name


def _header_value(value: str) -> str:
    if VALUE.fullmatch(value) is None or value.strip() != value:
        raise ValueError("must be printable ASCII characters, in one line, without spaces around them")
    return value


class HeaderPart(TypedDict):
    """A custom header."""

    name: Annotated[str, Field(max_length=100), AfterValidator(_header_name)]
    value: Annotated[str, Field(max_length=2000), AfterValidator(_header_value)]


Name = Annotated[str, Field(min_length=1, max_length=255)]
Url = Annotated[str, Field(max_length=2000), AfterValidator(_endpoint)]
Types = Annotated[list[EventType], Field(min_length=1, max_length=50)]
Method = Literal["GET", "POST"]
Headers = Annotated[list[HeaderPart], Field(max_length=20)]


class SubscriptionBody(TypedDict):
    """What `POST /subscriptions` takes."""

    name: Name
    url: Url
    types: Types
    method: NotRequired[Method]
    headers: NotRequired[Headers]


class ChangeBody(TypedDict, total=False):
    """What `POST /subscriptions/{id}` takes."""

    name: Name
    url: Url
    types: Types
    method: Method
    headers: Headers


class PageQuery(TypedDict, total=False):
    """What the lists take."""

    limit: Limit50
    offset: Offset


def _members(body: SubscriptionBody | ChangeBody) -> dict[str, Any]:
    members: dict[str, Any] = dict(body)
    if "types" in body:
        members["types"] = tuple(dict.fromkeys(body["types"]))
    if "headers" in body:
        members["headers"] = tuple(CustomHeader(one["name"], one["value"]) for one in body["headers"])
    return members


def _new_subscription(body: SubscriptionBody) -> NewSubscription:
    return NewSubscription(**_members(body))


def _changes(body: ChangeBody) -> SubscriptionChanges:
    return SubscriptionChanges(**_members(body))


def _query(query: PageQuery) -> SubscriptionQuery:
    return SubscriptionQuery(**query)


RULES = dict.fromkeys(("*", "*:propertyFormat"), "AROUND-WEBHOOKS-BODY")
CREATE = body_form(SubscriptionBody, _new_subscription, rules=RULES)
UPDATE = partial_body_form(ChangeBody, _changes, rules=RULES)
LIST = query_form(PageQuery, _query, rule="AROUND-WEBHOOKS-LIST")


def _header(header: CustomHeader) -> dict[str, str]:
    return {"name": header.name, "value": REDACTED if is_secret(header.name) else header.value}


def subscription_answer(subscription: Subscription) -> dict[str, Any]:
    """Show a subscription; neither its key nor what goes in a secret's header."""
    return {
        "id": subscription.id,
        "name": subscription.name,
        "url": subscription.url,
        "method": subscription.method,
        "types": list(subscription.types),
        "headers": [_header(one) for one in subscription.headers],
        "createdAt": iso(subscription.created_at),
        "updatedAt": iso(subscription.updated_at),
    }


def created_answer(subscription: Subscription) -> dict[str, Any]:
    """Show a subscription that was created, this once with its key."""
    return {**subscription_answer(subscription), "signatureKey": subscription.keys[0]}


def list_answer(page: Page[Subscription]) -> dict[str, Any]:
    """Show a page of subscriptions."""
    return {"count": page.count, "items": [subscription_answer(one) for one in page.items]}


def log_answer(attempt: Attempt) -> dict[str, Any]:
    """Show an attempt (AROUND-WEBHOOKS-LOGS)."""
    answered = {"status": attempt.status, "body": attempt.answer}
    return {
        "eventId": attempt.event_id,
        "type": attempt.type,
        "attempt": attempt.nth,
        "time": iso(attempt.at),
        "status": attempt.state,
        "request": {
            "method": attempt.method,
            "url": attempt.url,
            "headers": [{"name": name, "value": value} for name, value in attempt.headers],
        },
        "response": answered if attempt.status is not None else None,
        "error": attempt.error,
        "nextAttemptAt": iso(attempt.next_at) if attempt.next_at is not None else None,
    }


def logs_answer(page: Page[Attempt]) -> dict[str, Any]:
    """Show a page of attempts."""
    return {"count": page.count, "items": [log_answer(one) for one in page.items]}
