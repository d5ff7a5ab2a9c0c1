"""The scheduler's plugins, one per module."""
