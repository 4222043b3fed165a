"""One outside thing a file: warehouse, files, dbt, gate, publisher, lock."""
