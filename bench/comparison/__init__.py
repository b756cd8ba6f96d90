"""What compare.py is made of: the standard library alone, except network_worker.py, which runs in the rivals' environments."""
