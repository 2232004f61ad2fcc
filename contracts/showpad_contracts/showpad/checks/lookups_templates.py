"""Shared Space templates (AROUND-TEMPLATES)."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ...core import expect
from ...core.check import check
from ...core.violation import TargetLacks, WrongForm, WrongStatus, WrongValue
from ..assertions import holds as tells
from ..client import Client
from ..forms import ONE_TEMPLATE, TEMPLATE
from ..lists import holds, ids, lacks, list_of
from .lookups import DIVISIONS, complete, one, parts_of_a_list, sorted_list
from .lookups_themes import THEMES

TEMPLATES = "/shared-space-templates"
LOOKED_AT = 5


@check("AROUND-TEMPLATES")
def every_answer_about_templates_is_complete(client: Client) -> None:
    """AROUND-TEMPLATES: in lists and alone, where a template tells more; for administrators and others."""
    complete(client, TEMPLATES, TEMPLATE, ONE_TEMPLATE)
    for template in list_of(client.admin, TEMPLATES, includeUnpublished="true"):
        TEMPLATE(template, f"{template.get('id')} in {TEMPLATES} with includeUnpublished=true")
    ONE_TEMPLATE(
        one(client.admin, TEMPLATES, client.target.offer("published_template")["id"]), "the published template"
    )


@check("AROUND-TEMPLATES")
def a_template_alone_tells_its_whole_theme(client: Client) -> None:
    """AROUND-TEMPLATES: id, title and looks, as the theme itself does."""
    template = one(client.admin, TEMPLATES, client.target.offer("published_template")["id"])
    theme = expect.member(template, "sharedSpaceData.theme")
    own = one(client.admin, THEMES, theme["id"])
    tells(theme, {name: own[name] for name in ("id", "title", "displayData", "colorSettings")}, "the template's theme")


@check("AROUND-TEMPLATES")
def a_template_that_is_assigned_to_nobody_is_for_administrators_alone(client: Client) -> None:
    """AROUND-TEMPLATES: others neither list it nor see it alone."""
    published = [one(client.admin, TEMPLATES, key) for key in ids(list_of(client.admin, TEMPLATES, limit=LOOKED_AT))]
    nobodys = [template["id"] for template in published if not template["users"] and not template["userGroups"]]
    if not nobodys:
        raise TargetLacks("a published template that is assigned to nobody")
    for caller in (client.as_(name) for name in ("owner", "participant")):
        lacks(ids(list_of(caller, TEMPLATES, limit=1000)), nobodys[0], f"the templates seen by {caller.name}")
        exchange = caller.get(f"{TEMPLATES}/{nobodys[0]}")
        if exchange.status < 400:
            raise WrongStatus(f"status of {exchange.name}", expected="a refusal", received=exchange.status)


@check("AROUND-TEMPLATES")
def templates_that_are_not_published_are_listed_on_demand(client: Client) -> None:
    """AROUND-TEMPLATES: for administrators; those that are published are always there."""
    draft, ready = client.target.offer("unpublished_template"), client.target.offer("published_template")["id"]
    asked: tuple[dict[str, Any], ...] = ({}, {"includeUnpublished": "false"}, {"includeUnpublished": "true"})
    for params, test in zip(asked, (lacks, lacks, holds), strict=True):
        found = list_of(client.admin, TEMPLATES, limit=1000, **params)
        holds(ids(found), ready, f"the templates with {params}")
        parts_of_a_list(client, TEMPLATES, **params)
        test(ids(found), draft, f"the templates with {params}")
        if test is lacks and not all(template["isPublished"] is True for template in found):
            raise WrongForm("isPublished of the templates listed", expected="true in each", received=found)


@check("AROUND-TEMPLATES")
def templates_are_found_by_their_division(client: Client) -> None:
    """AROUND-TEMPLATES: every template listed is of it."""
    template = one(client.admin, TEMPLATES, client.target.offer("published_template")["id"])
    others = [division for division in ids(list_of(client.admin, DIVISIONS)) if division != template["division"]["id"]]
    for division in (template["division"]["id"], *others[:2]):
        found = list_of(client.admin, TEMPLATES, divisionId=division, limit=1000)
        (lacks if division in others else holds)(ids(found), template["id"], f"the templates of {division}")
        parts_of_a_list(client, TEMPLATES, divisionId=division)
        for other in found:
            expect.equal(other["division"]["id"], division, "division of a template listed for it")


@check("AROUND-TEMPLATES")
def templates_come_in_order_and_in_pages(client: Client) -> None:
    """AROUND-TEMPLATES: the newest first when nothing is said, and 50 of them."""
    sorted_list(client, TEMPLATES, ("createdAt", "updatedAt", "name", "usageCount"), includeUnpublished="true")
    parts_of_a_list(client, TEMPLATES, sort="createdAt", includeUnpublished="true")


@check("AROUND-TEMPLATES", writes=True)
def a_template_counts_the_spaces_made_from_it(client: Client) -> None:
    """AROUND-TEMPLATES: one more, or more if others made some as well."""
    template = client.target.offer("published_template")["id"]
    before = one(client.admin, TEMPLATES, template)["usageCount"]
    client.space(sharedSpaceTemplate={"id": template})
    after = one(client.admin, TEMPLATES, template)["usageCount"]
    if after <= before:
        raise WrongValue("usageCount of the template", expected=f"{before + 1} or more", received=after)


@check("AROUND-TEMPLATES", given={"unknown": st.uuids(version=4).map(str)}, examples=2)
def a_template_that_is_not_there_is_answered_404(client: Client, unknown: str) -> None:
    """AROUND-TEMPLATES: an id that no template has."""
    expect.refused(client.admin.get(f"{TEMPLATES}/{unknown}"), 404)
