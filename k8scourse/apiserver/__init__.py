"""The API server: schemas and kinds, decoding, defaulting, admission, validation, storage and watches."""
