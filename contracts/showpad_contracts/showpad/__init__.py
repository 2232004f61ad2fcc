"""What Showpad API v4 promises, as rules with ids and levels."""
