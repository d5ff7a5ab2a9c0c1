"""Pure rules of the cluster's network: names, Services, Ingresses, and what becomes of one request."""
