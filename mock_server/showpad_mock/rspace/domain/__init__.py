"""RSpace's records and rules; no word of HTTP or JSON."""
