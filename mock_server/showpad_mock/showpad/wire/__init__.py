"""Requests and answers as they look on the wire, and the seed data's format."""
