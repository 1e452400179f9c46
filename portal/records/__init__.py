"""Bytes that must be kept: message bodies, signed contents, documents."""
