"""Report formats, one a file: each eats the events of a run."""
