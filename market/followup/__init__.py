"""Follow-up: what was delivered, as it counted then; goals and figures; who produces what; preparedness; evidence."""
