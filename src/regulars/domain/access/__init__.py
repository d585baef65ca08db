"""Who may do what: roles, scopes, credentials (SPEC section 13)."""
