"""The stages of landing one file: read, cast, stored, and what is told of it."""
