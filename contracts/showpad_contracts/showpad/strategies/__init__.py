"""What checks draw: valid requests over the documented space, and requests that are invalid in exactly one way."""
