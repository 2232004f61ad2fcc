"""What a client sends to the OAuth endpoints: fields in the query or as a form, credentials by Basic or among them."""

from __future__ import annotations

import binascii
from base64 import b64decode
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote_plus

from ...web.call import Call
from ..tokens import format_client_id, parse_client_id

CAP = 64 * 1024
"""How many bytes a form may have."""
FIELDS = 100
URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


class Sent(NamedTuple):
    """The fields, without the client's credentials, and these: id and secret, each None where none was sent.

    `tenant` is the one that the client's id names, if it names one.
    """

    fields: list[tuple[str, str]]
    tenant: str | None
    client_id: str | None
    secret: str | None

    @property
    def sent_id(self) -> str:
        """The client's id as it was sent, with the tenant if it named it."""
        own = self.client_id or ""
        return own if self.tenant is None else format_client_id(self.tenant, own)

    def field(self, name: str) -> str | None:
        """Return the first value of a field."""
        return next((value for field, value in self.fields if field == name), None)


def read(call: Call) -> Sent:
    """Read what was sent; raises ValueError, which tells what is wrong with it."""
    fields = _decoded(call.query.decode("latin-1")) if call.query else []
    if call.method == "POST":
        fields += _form(call)
    basic = _basic(call.header(b"authorization"))
    tenant, client_id = None, None
    kept, ids, shown = [], [basic[0]] if basic else [], [basic[1]] if basic else []
    for name, value in fields:
        if name == "client_id":
            ids.append(value)
        elif name == "client_secret":
            shown.append(value)
        else:
            kept.append((name, value))
    if ids:
        tenant, client_id = parse_client_id(_only(ids, "client_id"))
    return Sent(kept, tenant, client_id, _only(shown, "client_secret") if shown else None)


def _only(values: list[str], name: str) -> str:
    """Return the one value; the same sent twice, by Basic and in the form, is one."""
    if len(set(values)) > 1:
        raise ValueError(f"{name} was sent more than once, with different values.")
    return values[0]


def _form(call: Call) -> list[tuple[str, str]]:
    if len(call.body) > CAP:
        raise ValueError(f"The form is larger than {CAP} bytes.")
    media_type, _, _ = (call.header(b"content-type") or URLENCODED).partition(";")
    match media_type.strip().lower():
        case "application/x-www-form-urlencoded":
            return _decoded(call.body.decode("latin-1"))
        case "multipart/form-data":
            return _parts(call)
        case other:
            raise ValueError(f"The request must be a form ({URLENCODED} or {MULTIPART}), not {other[:100]}.")


def _decoded(text: str) -> list[tuple[str, str]]:
    # latin-1 lets any byte pass this far; what percent-encoding holds is UTF-8.
    return parse_qsl(text, keep_blank_values=True, max_num_fields=FIELDS)


def _parts(call: Call) -> list[tuple[str, str]]:
    # Loaded with the first multipart form: hardly any client sends one.
    from python_multipart import create_form_parser
    from python_multipart.exceptions import FormParserError
    from python_multipart.multipart import Field, File

    fields: list[tuple[str, str]] = []

    def keep(field: Field) -> None:
        name, value = field.field_name or b"", field.value or b""
        fields.append((name.decode("utf-8", "replace"), value.decode("utf-8", "replace")))

    def refuse(_file: File) -> None:
        raise ValueError("The form holds a file, where only fields are expected.")

    headers = {"Content-Type": call.first_values[b"content-type"]}
    try:
        parser = create_form_parser(headers, keep, refuse)
        parser.write(call.body)
        parser.finalize()
    except FormParserError as error:
        raise ValueError(f"The multipart form cannot be read: {error}") from error
    if len(fields) > FIELDS:
        raise ValueError(f"The form has more than {FIELDS} fields.")
    return fields


def _basic(header: str | None) -> tuple[str, str] | None:
    """Return id and secret of an `Authorization: Basic` header, which are encoded as in a form (RFC 6749, 2.3.1)."""
    scheme, _, value = (header or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client_id, colon, secret = b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        colon = ""
    if not colon:
        raise ValueError("The Authorization header is not `Basic` with Base64 of client_id:client_secret.")
    return unquote_plus(client_id), unquote_plus(secret)
