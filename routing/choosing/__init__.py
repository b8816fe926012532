"""The best choice among known routes, with proof: each shipment on one of them or left out, turns of each kind used at most so often."""
