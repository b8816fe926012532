"""Photos, decoded and made anew without what the camera wrote about the place."""
