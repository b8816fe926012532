"""Direct award by the book: the award file, the procedure adviser, the carve-out."""
