"""Seed data: read and checked, made into records, shown as a cheat sheet."""
