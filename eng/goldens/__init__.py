"""Reference networks in PyTorch, their formula weights, and the cases whose outputs are committed."""
