"""Wrong servers by class: each module makes those of one class from the table of operations."""
