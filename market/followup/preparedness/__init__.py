"""What can still be served when roads, hubs, fuel or the wholesaler fail."""
