"""Objects made from flags: what `kubectl create KIND` and its relatives write."""
