"""What checks of RSpace draw, and what they try whatever is drawn."""
