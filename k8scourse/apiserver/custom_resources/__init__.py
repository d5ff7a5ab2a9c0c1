"""Custom resources: definitions, structural schemas, and what a server does with the objects."""
