"""Container images: references and what a container of an image does."""
