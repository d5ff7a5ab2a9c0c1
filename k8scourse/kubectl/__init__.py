"""kubectl: a text client of the API handler."""
