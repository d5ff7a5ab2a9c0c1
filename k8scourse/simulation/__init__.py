"""Virtual time, seeded names, the journal and state that forks. Knows no Kubernetes."""
