"""Themes: what texts are about, what grew, and what themes are called."""
