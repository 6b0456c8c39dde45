"""How the rule displayed-secret sees: what shows something, what of an expression is shown, where secrets are read."""
