"""How kubectl prints objects: tables, YAML, JSON, names, JSONPath and custom columns."""
