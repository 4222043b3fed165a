"""Frozen types and pure rules; nothing here reads or writes."""
