"""Pictures, tables and texts made from snapshots of a cluster: plain JSON first, then static HTML and text."""
