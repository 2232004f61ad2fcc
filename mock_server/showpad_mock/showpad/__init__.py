"""Showpad API v4: Shared Spaces, their items and ownership, Shares, and the look-ups around them."""
