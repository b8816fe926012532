"""What kitchens thought of the goods, and the producer's story that goes with them."""
