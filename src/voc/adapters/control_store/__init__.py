"""The control store: what no rebuild could bring back - cases, labels, mails, tombstones - in SQLite."""
