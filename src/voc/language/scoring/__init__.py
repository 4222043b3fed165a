"""Scoring: how warm a text is, by word lists or by what a channel's own labels taught."""
