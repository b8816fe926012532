"""What drives, for whom, when and at which price: carriers, vehicles, drivers, closing days, stops, transport settings."""
