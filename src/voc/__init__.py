"""Reconciles what customers say with what the metrics say."""

__version__ = "0.1.0"
