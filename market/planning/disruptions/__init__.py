"""What happens after planning: new orders, a vehicle that breaks down, a road that closes, a hub that shuts."""
