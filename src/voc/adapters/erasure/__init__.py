"""Erasure: a customer, or words that are too old, taken out of every place that holds them."""
