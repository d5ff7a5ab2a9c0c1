"""Rules that several components need: tolerations, node affinity, pod requests, QoS, readiness."""
