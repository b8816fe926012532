"""The same purchases judged by what other municipalities call local."""
