"""Text in, numbers out; no files of ours, no SQL."""
