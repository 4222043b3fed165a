"""Inputs: responses by channel reliability, metrics on one scale."""
