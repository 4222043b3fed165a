"""dbt: one layer at a time, in a child process that lives as long as the night."""
