"""What the work file knows of a customer."""

import duckdb

from voc.adapters.erasure import customer
from voc.adapters.work_file.schema import ddl


def test_a_row_is_counted_where_it_stands_and_not_again_where_a_view_shows_it():
    with duckdb.connect() as work:
        work.execute(ddl())
        work.execute("""
            create schema int;
            insert into raw.customers by name
            select 'C1' as customer_id, 'Ada' as name, 'crm' as _source, 1 as _batch, 1 as _row;
            create view int.int_customer as select * from raw.customers
        """)
        assert customer.identify(work, "C1").n_rows == 1


def test_an_address_that_stands_in_anothers_row_is_not_the_customers():
    with duckdb.connect() as work:
        work.execute(ddl())
        work.execute("""
            insert into raw.surveys by name
            select unnest(['C1', 'C1', 'C2', 'C2']) as customer_id,
                unnest(['Ada@lumen.example', 'desk@lumen.example', 'desk@lumen.example', 'bob@lumen.example'])
                    as respondent,
                'nps' as _source, 1 as _batch, 1 as _row
        """)
        assert customer.identify(work, "C1").addresses == ("ada@lumen.example",)
