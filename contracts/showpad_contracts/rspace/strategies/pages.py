"""Pages of lists: which are asked for, in which order, and what is none."""

from __future__ import annotations

from hypothesis import strategies as st

LISTS = {"/share": "shares", "/documents": "documents"}
"""The lists that have pages: path -> the member that holds what is listed."""
PATHS = tuple(LISTS)
FIELDS = ("name", "created", "lastModified")
WAYS = ("asc", "desc")
ORDERS = [f"{field} {way}" for field in FIELDS for way in WAYS]
WRONG_ORDERS = ("sharee asc", "name", "asc", "Name asc", "name ASC", "", "name,asc", "name asc created", "size desc")
LARGEST = 100
LONGEST_QUERY = 2000

paths = st.sampled_from(PATHS)
numbers = st.integers(0, 50) | st.integers(0, 2**20)
sizes = st.integers(1, LARGEST)
_NO_NUMBERS = st.sampled_from(("x", "1.5", "one", "1-", "1,0"))
wrong_numbers = st.integers(-(2**31), -1) | _NO_NUMBERS
wrong_sizes = st.integers(-(2**31), 0) | st.integers(LARGEST + 1, 2**31 - 1) | _NO_NUMBERS
wrong_orders = st.sampled_from(WRONG_ORDERS) | st.tuples(
    st.sampled_from((*FIELDS, *map(str.upper, FIELDS), "owner", "id")),
    st.sampled_from((" ", ",", ":", "")),
    st.sampled_from((*WAYS, *map(str.upper, WAYS), "up")),
).map("".join).filter(lambda one: one not in ORDERS)
