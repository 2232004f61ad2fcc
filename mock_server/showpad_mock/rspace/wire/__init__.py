"""RSpace's bodies, queries and answers as they are on the wire."""
