"""Evidence of a contradiction as data and in words."""
