"""Targets: their files, starting the mock as one, finding out what one is."""
