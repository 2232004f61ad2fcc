"""Promises, checks and what they say; what a run tells."""
