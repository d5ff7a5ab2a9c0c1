"""One module for each kubectl command: `run(session)`."""
