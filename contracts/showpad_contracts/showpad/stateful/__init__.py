"""Sequences of changes: the model, what is played against it, random and fixed."""
