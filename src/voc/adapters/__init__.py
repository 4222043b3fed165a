"""Everything outside: files, databases, dbt, Great Expectations, mail and Airflow; nothing else touches them."""
