"""Authorities, kitchens, producers, production sites, products and categories."""
