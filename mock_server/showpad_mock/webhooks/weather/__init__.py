"""Deliveries as bad weather makes them: repeated, late, out of order, lost, forged. What a receiver has to bear."""
