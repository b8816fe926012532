"""What each authority means by local: versions of its definition, and who and what that holds."""
