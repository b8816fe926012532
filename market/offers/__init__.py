"""Volumes that producers flag, their stock and the map of offers."""
