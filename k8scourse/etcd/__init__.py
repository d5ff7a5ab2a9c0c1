"""The multi-version key-value store under the API server. Knows no Kubernetes."""
