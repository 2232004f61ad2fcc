"""What checks of every API draw."""
