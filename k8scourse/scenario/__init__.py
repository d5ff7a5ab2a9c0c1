"""The scenario language: grammar, loader, runner and report."""
