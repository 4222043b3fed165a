"""Channels: how one finished message reaches a person, and how it is composed."""
