"""The look-ups: a list and one, for users, assets, themes, templates and divisions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ...state.unit import Unit
from ...web.call import Call
from ...web.form import Form
from ...web.render import Answer, json_answer
from ..domain import lookups
from ..domain.page import Page
from ..wire import lookups as wire
from ..wire.callers import caller_of

Handler = Callable[[Call], Answer]
R = TypeVar("R")


def _list(form: Form[Any, Any], find: Callable[..., Page[R]], show: Callable[[R], dict[str, Any]]) -> Handler:
    def handle(call: Call) -> Answer:
        return json_answer(wire.page_answer(find(call.unit, caller_of(call), form.read_query(call)), show))

    return handle


def _one(parameter: str, find: Callable[[Unit, Any, str], R], show: Callable[[R], dict[str, Any]]) -> Handler:
    def handle(call: Call) -> Answer:
        return json_answer(show(find(call.unit, caller_of(call), call.params[parameter])))

    return handle


list_users = _list(wire.USERS, lookups.list_users, wire.user_answer)
get_user = _one("userId", lookups.get_user, wire.user_answer)
list_assets = _list(wire.ASSETS, lookups.list_assets, wire.asset_answer)
get_asset = _one("assetId", lookups.get_asset, wire.asset_answer)
list_themes = _list(wire.THEMES, lookups.list_themes, wire.theme_answer)
get_theme = _one("themeId", lookups.get_theme, wire.one_theme_answer)
list_templates = _list(wire.TEMPLATES, lookups.list_templates, wire.template_answer)
get_template = _one("templateId", lookups.get_template, wire.one_template_answer)
list_divisions = _list(wire.DIVISIONS, lookups.list_divisions, wire.division_answer)
get_division = _one("divisionId", lookups.get_division, wire.division_answer)
