"""RSpace's sharing API (ELN API v1), emulated."""
