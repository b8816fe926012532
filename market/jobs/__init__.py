"""Long work, done by workers beside the pages: asked for in the transaction of its cause, followed, stopped, done once."""
