"""The `voc` command: each command parses, calls voc.app, prints; nothing else."""
