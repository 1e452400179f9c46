"""The description of the API (OpenAPI 3.1), made from the `ops` of every address and from the types they name."""
