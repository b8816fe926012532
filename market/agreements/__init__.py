"""Interest that kitchens show, and the signed agreements that come of it."""
