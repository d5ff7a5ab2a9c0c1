"""The node agent: takes bound pods to Running, probes, restarts and ends them."""
