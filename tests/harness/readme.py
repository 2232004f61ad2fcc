"""The README as tests read it, and its generated parts; `python -m tests.readme` writes them anew."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from showpad_mock.app import App, AppOptions, read_seed
from showpad_mock.faults.deliveries import DELIVERY_EFFECTS
from showpad_mock.faults.effects import EFFECTS
from showpad_mock.rspace.seed import cheat_sheet as rspace_sheet
from showpad_mock.settings import SETTINGS
from showpad_mock.showpad.seed import cheat_sheet

README = Path(__file__).parent.parent.parent / "README.md"


def blocks(text: str, language: str = r"\w+") -> list[str]:
    """Return the code blocks in a text of the README, those of one language or all."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def section(title: str) -> str:
    """Return a section of the README."""
    [found] = re.findall(rf"^## {title}\n.*?(?=^## )", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return str(found)


def settings_table() -> str:
    lines = ["| flag | variable | default | what |", "| --- | --- | --- | --- |"]
    for one in SETTINGS:
        default = "off" if one.default is False else "" if one.default in (None, ()) else f"`{one.default}`"
        flag = "none: it is a secret" if one.is_secret else f"`--{one.flag}`"
        lines.append(f"| {flag} | `{one.variable}` | {default} | {one.help} |")
    return "\n".join(lines)


def seed_tables() -> str:
    seed = read_seed("demo")
    return cheat_sheet.as_markdown([*cheat_sheet.tables(seed, "demo"), *rspace_sheet.tables(seed, "demo")])


def control_table() -> str:
    lines = ["| method | path under `/__admin` | what |", "| --- | --- | --- |"]
    for one in App(AppOptions()).control.operations:
        if one.path.startswith("/__admin/"):
            lines.append(f"| `{one.method}` | `{one.path.removeprefix('/__admin')}` | {one.summary} |")
    return "\n".join(lines)


def effects_table() -> str:
    lines = ["| kind | acts | settings | what |", "| --- | --- | --- | --- |"]
    for effect in EFFECTS.values():
        form = getattr(effect.form, "__origin__", effect.form)
        settings = ", ".join(f"`{name}`" for name in form.__annotations__ if name != "kind")
        lines.append(f"| `{effect.kind}` | {effect.when} | {settings} | {form.__doc__} |")
    return "\n".join(lines)


def delivery_effects_table() -> str:
    lines = ["| kind | settings | what |", "| --- | --- | --- |"]
    for effect in DELIVERY_EFFECTS.values():
        settings = ", ".join(f"`{name}`" for name in effect.form.__annotations__ if name != "kind")
        lines.append(f"| `{effect.kind}` | {settings} | {effect.form.__doc__} |")
    return "\n".join(lines)


SECTIONS: dict[str, Callable[[], str]] = {
    "control": control_table,
    "effects": effects_table,
    "delivery-effects": delivery_effects_table,
    "seeds": seed_tables,
    "settings": settings_table,
}


def with_sections(text: str) -> str:
    """Give the README's text with every generated part as it should be."""
    for name, section in SECTIONS.items():
        begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
        part = f"{begin}\n{section()}\n{end}"
        text = re.sub(f"{re.escape(begin)}.*?{re.escape(end)}", lambda _, part=part: part, text, flags=re.DOTALL)  # type: ignore[misc]
    return text


if __name__ == "__main__":
    README.write_text(with_sections(README.read_text(encoding="utf-8")), encoding="utf-8")
