"""A Kubernetes that fits in one Python variable, and a Jupyter course on it."""
