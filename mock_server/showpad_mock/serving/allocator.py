"""The C library's allocator, in a server through which large texts come and go.

glibc takes large blocks straight from the system, but raises what it calls large, up to 32 MiB, once one of them is
freed. From then on large texts lie among small values, and what is free between these stays with the process.
"""

from __future__ import annotations

import sys

M_MMAP_THRESHOLD = -3  # malloc.h
LARGE = 64 * 1024


def give_large_blocks_back() -> None:
    """Have every block of LARGE bytes or more taken from the system, to which it goes back when it is freed.

    For a process that does nothing else. Only glibc can do it; elsewhere nothing happens.
    """
    import ctypes  # takes some milliseconds, which a start should not

    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "mallopt"):
        # Setting it also ends glibc's own raising of the threshold, which is the point.
        library.mallopt(M_MMAP_THRESHOLD, LARGE)
