"""Settings: what `voc.yml` may say, how it is read, and the one that `voc init` writes."""
