"""Pages are read as a browser reads them, in one pass."""

from __future__ import annotations

import html
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showpad_contracts.showpad.markup import MOST, Markup


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>One</p> <p>two\n &amp; three", "One two & three"),
        ("a < b, 1 <2, c<", "a < b, 1 <2, c<"),
        ("<!doctype html><!-- no <b>bold</b> --><?php no ?>yes", "yes"),
        ("<script>if (a < b) '</p>'</script><style>p{}</style>yes", "yes"),
        ("<SCRIPT>no</sCript>yes", "yes"),
        ("<title>A <b> title</title>yes", "A <b> titleyes"),
        ("<template><p>no</p><template>no</template>no</template>yes", "yes"),
        ("<noscript>no", ""),
        ("yes<script>no", "yes"),
        ("yes<!-- no", "yes"),
        ("yes</p", "yes"),
        ("&lt;b&gt;", "<b>"),
        ("</script>yes", "yes"),
    ],
)
def test_what_people_read(page: str, text: str) -> None:
    assert Markup(page).text == text


@pytest.mark.parametrize(
    ("page", "elements"),
    [
        ("<b id=kit>", [("b", {"id": "kit"})]),
        ("<b/id='kit'/class = \"x\" hidden>", [("b", {"id": "kit", "class": "x", "hidden": ""})]),
        ('<a href="/x?a=1&amp;b=2" HREF="/y">', [("a", {"href": "/x?a=1&b=2"})]),
        ("<p title=\"<b id='kit'>\">", [("p", {"title": "<b id='kit'>"})]),
        ("<title><b id=kit></title>", []),
        ("<script><b id=kit></script>", []),
        ("<!-- <b id=kit> -->", []),
        ("<p></p>< b id=kit>&lt;b id=kit>", []),
        ("<b id=kit", [("b", {"id": "kit"})]),
        ("<b = id = kit>", [("b", {"id": "kit"})]),
    ],
)
def test_which_elements_have_attributes(page: str, elements: list[object]) -> None:
    assert Markup(page).elements == elements


class Reference(HTMLParser):
    """Python's own reading of well-formed pages."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.elements: list[object] = []
        self.feed(page)
        self.close()

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if attrs:
            self.elements.append((tag, {name: value or "" for name, value in attrs}))


TEXTS = st.text("ab <>&\"'/=-!\n\u00e9", max_size=10)
PIECES = st.one_of(
    TEXTS.map(html.escape),
    st.builds(lambda name, value: f'<{name} id="{html.escape(value)}">', st.sampled_from(("a", "p", "i")), TEXTS),
    st.builds(lambda name: f"</{name}>", st.sampled_from(("a", "p", "i"))),
    st.builds(lambda text: f"<!-- {text} -->", st.text("ab <&", max_size=5)),
)


@settings(max_examples=200, deadline=None)
@given(pieces=st.lists(PIECES, max_size=8))
def test_a_well_formed_page_is_read_as_python_reads_it(pieces: list[str]) -> None:
    page = "".join(pieces)
    markup, reference = Markup(page), Reference(page)
    assert markup.text == " ".join("".join(reference.parts).split())
    assert markup.elements == reference.elements


@settings(max_examples=300, deadline=None)
@given(page=st.text("<>/!-='\"& ab;#x\n", max_size=60))
def test_whatever_stands_there_is_read_to_its_end(page: str) -> None:
    assert len(Markup(f"{page}<!-->\"'><p>the end</p>").text) < 2 * len(page) + 20


ENDLESS = ("<", "<a ", "<a x='", "<!--", "</", "<a" + " " * 999, "<a " + "=" * 999, "<template></script>", "&", "<p>")


@pytest.mark.parametrize("piece", ENDLESS)
def test_a_page_without_end_is_read_in_one_pass(piece: str) -> None:
    """Python's own parser takes hours for some of these."""
    page = piece * (MOST // 8 // len(piece))
    assert len(Markup(page).text) <= len(page)


def test_of_a_page_the_beginning_is_read() -> None:
    assert len(Markup("a" * (MOST + 1)).text) == MOST
