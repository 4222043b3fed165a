"""Erasure: removes a customer, or words that are too old, from every place that holds them."""
