"""Long work, enqueued in the transaction that causes it and done by whichever worker is free."""
