"""Random sequences of sharing by several people, also refused ones; each answer is held against the model."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from ...stateful import steps
from ...stateful.long_runs import Finding
from ...stateful.steps import one_of, run_steps, watched
from ..assertions import PAGE
from ..client import Client
from ..strategies.documents import TAGS
from ..strategies.pages import ORDERS
from ..strategies.shares import PERMISSIONS, WRONG_PERMISSIONS
from .cast import Cast
from .model import NOTEBOOK, OWNER, Item, Recipient, Share, Wanted
from .play import Play

PASTS = ("new", "shared", "entry", "shared entry")
"""What has happened to a document before a sequence; an entry lies in a notebook that is shared."""
# Words that every collation puts in one order.
WORDS = st.sampled_from(("alpha", "beta", "gamma"))
PERMISSION = st.sampled_from((None, *PERMISSIONS))
CHANGES = st.sampled_from((*PERMISSIONS * 3, *WRONG_PERMISSIONS[:3], None))
ITEM: st.SearchStrategy[Item] = one_of(lambda machine: machine.which())
LIVING: st.SearchStrategy[Item] = one_of(lambda machine: machine.living())
SHARE: st.SearchStrategy[Share] = one_of(lambda machine: machine.which_shares())
WHO: st.SearchStrategy[str] = one_of(lambda machine: machine.cast.who)
ANYBODY: st.SearchStrategy[str] = one_of(lambda machine: machine.cast.people)
SOUND: st.SearchStrategy[Recipient] = one_of(lambda machine: machine.cast.sound)
FOLDER: st.SearchStrategy[int | None] = one_of(lambda machine: [None, None, *machine.cast.folders])
WANTED = st.builds(Wanted, SOUND, PERMISSION, FOLDER)
FOREIGN: st.SearchStrategy[int] = one_of(lambda machine: list(machine.cast.foreign))
BARRED: st.SearchStrategy[Recipient] = one_of(lambda machine: list(machine.cast.barred))


class Sequences(Play, steps.Steps):
    """One sequence."""

    def __init__(self, client: Client, finding: Finding) -> None:
        steps.Steps.__init__(self, client, finding)
        Play.__init__(self, client)

    @property
    def focus(self) -> Item:
        """The item that most steps are about: much goes wrong only where several things happen to one."""
        return self.model.living()[-1]

    def living(self) -> list[Item]:
        """Return the items to draw from that are not deleted."""
        found = self.model.living()
        return [*found, *[self.focus] * len(found)]

    def which(self) -> list[Item]:
        """Return the items to draw from, deleted ones seldom."""
        return [*self.living(), *(item for item in self.model.items if item.is_gone)]

    def which_shares(self) -> list[Share]:
        """Return the shares to draw from, ended ones seldom; of those of deleted items nothing is said."""
        there = [share for share in self.model.shares if not share.item.is_gone]
        return [*self.model.listed(), *self.model.shares_of(self.focus) * 2, *there]

    @initialize(pasts=st.lists(st.tuples(WORDS, st.sampled_from(PASTS)), min_size=1, max_size=3), wanted=WANTED)
    @watched
    def begin(self, pasts: list[tuple[str, str]], wanted: Wanted) -> None:
        """Begin with a few documents, to some of which something has happened."""
        for word, past in pasts:
            notebook = self.make_folder(notebook=True) if "entry" in past and self.client.target.is_own else None
            item = self.make(word, notebook=notebook)
            if notebook is not None:
                self.share(OWNER, [notebook.id], [wanted])
            if "shared" in past:
                self.share(OWNER, [item.id], [wanted])

    @rule(word=WORDS, tags=TAGS, into=st.booleans())
    @watched
    def create(self, word: str, tags: list[str], into: bool) -> None:  # noqa: FBT001  # Hypothesis passes it by name
        """Create a document, where there is a notebook perhaps in that."""
        notebooks = [item for item in self.model.living() if item.kind == NOTEBOOK]
        self.make(word, tags, notebooks[-1] if into and notebooks else None)

    @precondition(lambda self: self.client.target.is_own)
    @rule(notebook=st.booleans())
    @watched
    def create_folder(self, notebook: bool) -> None:  # noqa: FBT001  # as above
        """Create a notebook, or a folder to share into: only where what stays is in nobody's way."""
        self.make_folder(notebook=notebook)

    @rule(items=st.lists(LIVING, min_size=1, max_size=3), wanted=st.lists(WANTED, min_size=1, max_size=3))
    @watched
    def share_some(self, items: list[Item], wanted: list[Wanted]) -> None:
        """Share some items with some recipients, some of which they may be shared with already."""
        self.share_if_said(OWNER, [item.id for item in items], wanted)

    @rule(who=ANYBODY, item=LIVING, wanted=WANTED)
    @watched
    def share_anothers(self, who: str, item: Item, wanted: Wanted) -> None:
        """Share an item as somebody to whom it does not belong, also one who may edit it."""
        if who != OWNER:
            self.share_if_said(who, [item.id], [wanted])

    @rule(items=st.lists(LIVING, min_size=1, max_size=2), wanted=WANTED, foreign=FOREIGN | BARRED)
    @watched
    def share_in_vain(self, items: list[Item], wanted: Wanted, foreign: int | Recipient) -> None:
        """Share something that is not the owner's to share, or with whom nothing may be, alone or beside what may."""
        ids = [item.id for item in items]
        if isinstance(foreign, Recipient):
            beside = [wanted] if len(items) > 1 else []
            self.share_if_said(OWNER, ids[:1], [*beside, Wanted(foreign, wanted.permission)])
        else:
            self.share_if_said(OWNER, [*ids[1:], foreign], [wanted])

    def share_if_said(self, who: str, ids: Sequence[int], wanted: Sequence[Wanted]) -> None:
        """Share, unless guide and server say different things and the target does not say which it goes by."""
        if self.model.is_agreed(who, ids, wanted):
            self.share(who, ids, wanted)

    @precondition(lambda self: self.which_shares())
    @rule(who=WHO, share=SHARE, permissions=st.lists(CHANGES, min_size=1, max_size=3))
    @watched
    def change_permission(self, who: str, share: Share, permissions: list[str | None]) -> None:
        """Change what a share permits; where it is no permission, or none is told, nothing may be done."""
        for permission in permissions:
            # Which comes first, that it is another's or that nothing is told, nobody says.
            if permission is not None or (who == OWNER and self.model.known.behaviour and not share.has_ended):
                self.change(who, share, permission)

    @precondition(lambda self: self.which_shares())
    @rule(who=WHO, share=SHARE)
    @watched
    def unshare(self, who: str, share: Share) -> None:
        """End a share, perhaps one that has ended."""
        self.end(who, share)

    @precondition(lambda self: self.which_shares())
    @rule(share=SHARE, permission=PERMISSION, folder=FOLDER)
    @watched
    def renew(self, share: Share, permission: str | None, folder: int | None) -> None:
        """Share an item anew with whom a share of it was, which ends before if it has not."""
        if not share.has_ended:
            self.end(OWNER, share)
        self.share_if_said(OWNER, [share.item.id], [Wanted(share.recipient, permission, folder)])

    @rule(who=WHO, item=ITEM)
    @watched
    def delete(self, who: str, item: Item) -> None:
        """Delete a document, its shares ended before it or not; the last one gets a successor."""
        if item.kind == NOTEBOOK:
            return
        self.remove(who, item)
        if not self.model.living():
            self.make("alpha")

    @rule(who=ANYBODY, item=ITEM)
    @watched
    def get(self, who: str, item: Item) -> None:
        """Read an item and its shares, as anybody."""
        if item.kind != NOTEBOOK:
            self.read(who, item)
        if not item.is_gone or (who == OWNER and self.model.known.behaviour is not None):
            self.tell_shares(who, item)

    @rule(who=ANYBODY, order=st.none() | st.sampled_from(ORDERS), size=st.sampled_from((PAGE, 1, 2)))
    @watched
    def list_all_shares(self, who: str, order: str | None, size: int) -> None:
        """List the sequence's shares, perhaps on small pages: none is repeated or skipped."""
        self.list_shares(who, order, size=size)

    @rule(who=ANYBODY, items=st.lists(LIVING, min_size=1, max_size=2))
    @watched
    def list_shares_of(self, who: str, items: list[Item]) -> None:
        """List the shares of some items."""
        self.list_items(who, items)

    @rule(who=ANYBODY)
    @watched
    def list_all_documents(self, who: str) -> None:
        """List the documents that somebody may see, and those that others shared."""
        for received in (False, True):
            self.list_documents(who, received=received)


def run_sequences(client: Client) -> None:
    """Run the machine as the run's profile and seed have it."""
    Cast(client.target)  # what the target lacks is told before anything is sent
    run_steps(client, Sequences)
