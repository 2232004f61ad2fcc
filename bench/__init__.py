"""Figures of the mock beside a baseline in the same run: `make bench`, and how they grow: `make bench-scale`."""
