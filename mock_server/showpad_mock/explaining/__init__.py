"""Why an exchange was answered as it was: the rules that decided, and what comes nearest to what it named."""
