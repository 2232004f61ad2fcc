"""Documents and folders, so far as sharing needs them (RS-DOCS, RS-DOC, RS-FOLDER, RS-PARENT)."""

from __future__ import annotations

import json
from typing import Any

from ...core import expect
from ...core.check import check
from ...core.violation import WrongValue
from ..assertions import NO_ID, VALIDATION, in_list, listed_document, not_in_list, refused
from ..client import Client
from ..strategies.documents import LONGEST_NAME, NAMES, TAGS, WORDS

LISTED = ("globalId", "name", "created", "lastModified", "parentFolderId", "signed", "tags", "form", "owner", "_links")
FOLDER = ("created", "lastModified", "systemFolder", "sharedFolder", "mediaType", "pathToRootFolder", "_links")
ADVANCED = '{"operator": "and", "terms": [{"query": "gel", "queryType": "global"}]}'
NO_SEARCHES = ("", "{", "[]", "{}", '{"operator": "and", "terms": [{"query": "gel", "queryType": "colour"}]}')
NEWEST = {"orderBy": "created desc"}


@check("RS-DOCS-OK", writes=True)
def a_document_is_in_its_owners_list_alone(client: Client) -> None:
    """An outsider does not see it."""
    document = client.new_id()
    found = in_list(listed_document(client.owner, document, **NEWEST), "the new document in its owner's list")
    expect.members(found, LISTED, "the listed document")
    expect.equal(found["owner"].get("id"), int(client.target.user_id("owner")), "id of the document's owner")
    page = expect.answered(client.owner.get("/documents"), 200)
    expect.members(page, ("totalHits", "pageNumber", "documents", "_links"), "the list of documents")
    not_in_list(listed_document(client.as_("outsider"), document, **NEWEST), "another's document")


@check("RS-DOCS-OK", writes=True, always={"user": (False, True)})
def a_shared_document_is_in_the_others_list(client: Client, *, user: bool) -> None:
    """From the moment it is shared, with the group or the colleague."""
    document = client.new_id()
    not_in_list(listed_document(client.colleague, document, **NEWEST), "a document that is not shared yet")
    client.shared(document, **({"users": [client.user("colleague")]} if user else {}))
    in_list(listed_document(client.colleague, document, **NEWEST), "the shared document in the colleague's list")


@check("RS-DOCS-QUERY", writes=True, given={"word": WORDS}, always={"word": ("gel",)})
def a_query_finds_documents(client: Client, word: str) -> None:
    """By its whole name a document is found, by another word it is not."""
    name = f"{word} {client.name()}"
    document, other = client.new_id(name=name), client.new_id()
    in_list(listed_document(client.owner, document, query=name), f"a document of the name {name!r}")
    not_in_list(listed_document(client.owner, other, query=f"no{word}such"), "a document that is not asked for")


@check("RS-DOCS-FILTER", writes=True)
def a_filter_leaves_what_others_shared(client: Client) -> None:
    """The colleague's list has it, the owner's has not."""
    document = client.new_id()
    client.shared(document)
    filters = {"filter": "sharedWithMe", **NEWEST}
    in_list(listed_document(client.colleague, document, **filters), "a document that was shared with the colleague")
    not_in_list(listed_document(client.owner, document, **filters), "a document of the caller's own")


@check("RS-DOCS-FILTER", always={"word": ("sharedwithme", "mine", "shared")})
def an_unknown_filter_is_refused(client: Client, word: str) -> None:
    """Words that are like the known one."""
    expect.status(client.owner.get("/documents", params={"filter": word}), 400)


@check("RS-DOCS-TWO-QUERIES")
def two_queries_at_once_are_refused(client: Client) -> None:
    """A plain one and an advanced one."""
    refused(client.owner.get("/documents", params={"query": "gel", "advancedQuery": ADVANCED}), 422, 42201)


def searched(client: Client, document: int, *terms: tuple[str, str], operator: str = "and") -> Any:
    """Return a document as the owner's list shows it for an advanced query; None where it does not."""
    asked = {"operator": operator, "terms": [{"query": query, "queryType": kind} for kind, query in terms]}
    return listed_document(client.owner, document, advancedQuery=json.dumps(asked))


@check("RS-DOCS-ADVANCED", writes=True, given={"word": WORDS}, always={"word": ("gel",)})
def an_advanced_query_finds_documents(client: Client, word: str) -> None:
    """By its name, a tag and its text a document is found, by what it has elsewhere it is not."""
    mark, tag, text = client.name(), f"tag{word}", f"text{word}"
    document = client.new_id(name=f"{word} {mark}", tags=tag, fields=[{"content": text}])
    for found in (("name", mark), ("tag", tag), ("fullText", text), ("global", mark), ("global", text)):
        in_list(searched(client, document, found, ("name", word)), f"a document by its {found[0]}")
    for elsewhere in (("name", tag), ("tag", text), ("fullText", mark)):
        not_in_list(searched(client, document, elsewhere), f"a document with another {elsewhere[0]}")
    not_in_list(searched(client, document, ("name", mark), ("name", f"no{tag}")), "a document of which half is right")
    either = searched(client, document, ("name", mark), ("name", f"no{tag}"), operator="or")
    in_list(either, "a document of which half is right, with or")


@check("RS-DOCS-ADVANCED-400", always={"text": NO_SEARCHES})
def what_is_no_advanced_query_is_refused(client: Client, text: str) -> None:
    """No JSON, JSON of another form, a type that there is not."""
    refused(client.owner.get("/documents", params={"advancedQuery": text}), 400, *VALIDATION)


@check("RS-DOC-OK", writes=True)
def a_document_reads_back(client: Client) -> None:
    """With what its create told of it."""
    made = client.document()
    read = expect.answered(client.owner.get(f"/documents/{made['id']}"), 200)
    for name, value in {"id": made["id"], "globalId": f"SD{made['id']}", "name": made["name"]}.items():
        expect.equal(expect.member(read, name, of="the document"), value, f"{name} of the document")
    expect.members(read, LISTED, "the document")


@check("RS-DOC-404", writes=True)
def a_document_of_others_is_not_found(client: Client) -> None:
    """As little as one that there is not."""
    document = client.new_id()
    expect.status(client.as_("outsider").get(f"/documents/{document}"), 404)
    expect.status(client.owner.get(f"/documents/{NO_ID}"), 404)


@check("RS-DOC-PARENT", writes=True)
def only_the_owner_is_told_the_folder(client: Client) -> None:
    """To the colleague it is null."""
    document = client.new_id()
    client.shared(document)
    mine = in_list(listed_document(client.owner, document, **NEWEST), "the document in its owner's list")
    expect.of_type(expect.member(mine, "parentFolderId", of="the document"), int, "parentFolderId")
    theirs = in_list(listed_document(client.colleague, document, **NEWEST), "the document in the colleague's list")
    for name in ("parentFolderId", "grandParentId"):
        expect.equal(expect.member(theirs, name, of="the document"), None, f"{name} as the colleague sees it")


@check(
    "RS-DOC-CREATED",
    writes=True,
    given={"tags": TAGS, "words": NAMES},
    always={"tags": ([], ["gel", "pcr"]), "words": ("Gel run 4", "Messung \u00e4\u6f22")},
)
def a_document_is_created(client: Client, tags: list[str], words: str) -> None:
    """With name and tags as they were sent."""
    name, joined = f"{words} {client.name()}", ",".join(tags)
    document = client.created(name=name, **({"tags": joined} if tags else {}))
    expect.members(document, ("id", "globalId", "name", "tags", "fields"), "the document")
    expect.equal(document["globalId"], f"SD{document['id']}", "globalId of the document")
    expect.equal(document["name"], name, "name of the document")
    expect.of_type(document["fields"], list, "fields of the document")
    if tags:
        expect.equal(document["tags"], joined, "tags of the document")


@check("RS-DOC-CREATED", writes=True)
def a_document_needs_no_property(client: Client) -> None:
    """An empty body creates one."""
    expect.status(client.create({}), 201)


@check("RS-DOC-DELETED", writes=True)
def a_deleted_document_is_gone(client: Client) -> None:
    """It can neither be read nor listed."""
    document = client.new_id()
    expect.nothing(client.delete(document))
    expect.status(client.owner.get(f"/documents/{document}"), 404)
    not_in_list(listed_document(client.owner, document, **NEWEST), "a deleted document")


@check("RS-DOC-DELETE-404", writes=True)
def what_is_not_ones_own_is_not_deleted(client: Client) -> None:
    """Others' attempts leave it where it is."""
    document = client.new_id()
    for actor in ("outsider", "colleague"):
        expect.status(client.as_(actor).delete(f"/documents/{document}"), 404)
    expect.status(client.owner.delete(f"/documents/{NO_ID}"), 404)
    expect.status(client.owner.get(f"/documents/{document}"), 200)


@check("RS-FOLDER-CREATED", shares=True, examples=2, always={"notebook": (False, True)})
def a_folder_is_created(client: Client, *, notebook: bool) -> None:
    """A plain one and a notebook."""
    name = client.name()
    folder = expect.answered(client.create_folder(name=name, notebook=notebook), 201)
    expect.of_type(expect.member(folder, "id", of="the folder"), int, "id of the folder")
    prefix = "(NB|FL)" if notebook else "FL"
    expect.matches(expect.member(folder, "globalId", of="the folder"), f"{prefix}{folder['id']}", "globalId")
    expect.equal(expect.member(folder, "name", of="the folder"), name, "name of the folder")
    expect.equal(expect.member(folder, "notebook", of="the folder"), notebook, "notebook of the folder")
    expect.members(folder, ("parentFolderId", *FOLDER), "the folder")


@check("RS-FOLDER-NAME-400", shares=True)
def a_folder_without_a_name_is_refused(client: Client) -> None:
    """The name is what it needs."""
    refused(client.create_folder(notebook=False), 400, *VALIDATION)


@check("RS-NAME-400", writes=True)
def a_name_may_be_long_but_not_longer(client: Client) -> None:
    """At the limit it is taken, one character beyond it is not."""
    longest = f"{client.name()} ".ljust(LONGEST_NAME, "n")
    expect.equal(client.created(name=longest)["name"], longest, "name of the document")
    refused(client.create({"name": f"{client.name()} ".ljust(LONGEST_NAME + 1, "n")}), 400, *VALIDATION)


@check("RS-PARENT", writes=True)
def a_document_lies_where_it_was_created(client: Client) -> None:
    """In the folder of the owner's that was named."""
    folder = client.target.offer("plain_folder")
    document = client.new_id(parentFolderId=folder)
    found = in_list(listed_document(client.owner, document, **NEWEST), "the document in its owner's list")
    expect.equal(expect.member(found, "parentFolderId", of="the document"), folder, "parentFolderId")


@check("RS-PARENT", shares=True)
def a_folder_is_created_in_a_groups_shared_one(client: Client) -> None:
    """And a share can be placed in it."""
    parent = client.target.offer("group")["folder"]
    folder = expect.answered(client.create_folder(name=client.name(), parentFolderId=parent, notebook=False), 201)
    expect.equal(expect.member(folder, "parentFolderId", of="the folder"), parent, "parentFolderId of the folder")
    document = client.new_id()
    client.shared(document, groups=[{**client.with_group, "sharedFolderId": folder["id"]}])
    found = [one.get("parentId") for one in client.shares_of(document)]
    if found != [folder["id"]]:
        raise WrongValue("parentId of the share", expected=[folder["id"]], received=found)


@check("RS-PARENT-404", shares=True)
def an_unknown_folder_is_not_found(client: Client) -> None:
    """Neither for a document nor for a folder."""
    expect.status(client.create({"name": client.name(), "parentFolderId": NO_ID}), 404)
    expect.status(client.create_folder(name=client.name(), parentFolderId=NO_ID), 404)
