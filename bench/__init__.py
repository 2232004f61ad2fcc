"""Figures of the mock beside a baseline in the same run: `make bench`, and how they grow: `make bench-scale`.

What was done for them stands where it is done: `state/kept.py` (an answer is serialised once per change, and a page
joined from the same pieces), `serving/connections.py` (an answer leaves in one piece), `core/journal.py` (an entry is
kept in one piece), `serving/output.py`, `serving/gc_tuning.py`, `core/redaction.py`, `state/record.py`,
`state/tenant.py` (an entry is shown when it is read). Left out, since each would make the code ugly for a few percent:
writing JSON by hand; telling the journal which answers cannot hold secrets; copying records field by field instead of
`dataclasses.replace`; not waiting for a body where no header announces one; an index over parts of titles (the title
filter looks at every space); merging several index ranges instead of sorting what they hold (a list by two owners sorts
all their spaces); for the kit, an HTTP client of our own (it took half of httpx's CPU time; a library that is kept is
worth more).
"""
