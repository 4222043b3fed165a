"""The stages of landing one file: it is read, cast, stored and reported."""
