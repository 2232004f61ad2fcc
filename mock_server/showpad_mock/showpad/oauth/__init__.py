"""OAuth 2.0 for a user's programs, by oauthlib over the tenant's own records (AROUND-OAUTH)."""
