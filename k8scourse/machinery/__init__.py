"""What every kind shares: quantities, labels and selectors, names, durations, patches, JSONPath, Status and YAML."""
