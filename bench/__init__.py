"""Figures of the mock beside a bare Starlette route, in the same run (`make bench`)."""
