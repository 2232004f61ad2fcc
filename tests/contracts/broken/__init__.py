"""Deliberately wrong servers: each breaks one rule, and the kit must catch it by that rule."""
