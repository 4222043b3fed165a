"""Decisions: which customers' entries surface, on what evidence, and in which words."""
