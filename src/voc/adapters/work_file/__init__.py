"""The work file: its tables, what steps read from them and write into them; one writer at a time."""
