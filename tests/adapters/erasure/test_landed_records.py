"""A file without somebody's records: all of theirs are gone, and everybody else's bytes stay as they were."""

import csv
import io
import json

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voc.adapters.erasure.landed_records import Removal, Removed, rewrite
from voc.domain.forgotten import Person

GRACE = Person("C-17", ("C-17", "Grace Hopper", "grace@example.org"))


def without(folder, name, content, *, encoding="utf-8", renames=None, person=GRACE):
    """(what was removed, the bytes that are left) of a file with this content."""
    path, target = folder / name, folder / "rest"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    removal = Removal(person.customer_id.__eq__, person)
    removed = rewrite(path, path.suffix, target, removal, encoding=encoding, renames=renames or {})
    return removed, target.read_bytes() if target.exists() else None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_a_csv_of_any_dialect_loses_these_records_and_nothing_else(tmp_path, encoding, end, mark):
    rows = [["Customer_ID ", "comment"], ["C-1", "one é"], [" C-17 ", f"two{mark}{end}lines"], ["C-170", 'three "3"']]
    said = io.StringIO(newline="")
    csv.writer(said, delimiter=mark, lineterminator=end).writerows(rows)
    kept = io.StringIO(newline="")
    csv.writer(kept, delimiter=mark, lineterminator=end).writerows([rows[0], rows[1], rows[3]])
    removed, rest = without(tmp_path, "a.csv", said.getvalue(), encoding=encoding)
    assert removed == Removed(1, 0)
    assert rest == kept.getvalue().encode(encoding)


def test_json_lines_lose_them_whatever_else_is_in_a_line(tmp_path):
    lines = [
        '{"customer_id": "C-17", "a": 1}',
        '{"a":  "kept as it is", "customer_id": "C-1"}',
        "",
        '{"customer_id": 17}',
        "broken C-17 line",
        '{"customer_id": "C-\\u0031\\u0037"}',
    ]
    removed, rest = without(tmp_path, "a.jsonl", "\n".join(lines) + "\n")
    assert removed == Removed(3, 0)
    assert rest == "\n".join([*lines[1:4], ""]).encode()
    assert without(tmp_path, "b.jsonl", "\n".join(lines), person=Person("17", ()))[0] == Removed(1, 0)


def test_parquet_loses_them_too(tmp_path):
    path = tmp_path / "a.parquet"
    duckdb.sql(
        "copy (select * from (values ('C-17', 1, 'x'), ('C-1', 2, 'as Grace  Hopper said'), (null, 3, null)) "
        f"t (customer_id, n, comment)) to '{path}' (format parquet)"
    )
    removed, _ = without(tmp_path, "a.parquet", path.read_bytes())
    assert removed == Removed(1, 1)
    left = duckdb.sql(f"select * from read_parquet('{tmp_path / 'rest'}') order by n").fetchall()
    assert left == [("C-1", 2, "as [forgotten] said"), (None, 3, None)]


def test_a_renamed_column_is_theirs_and_another_column_of_that_name_is_not(tmp_path):
    content = "account,customer_id\nC-17,C-1\nC-1,C-17\n"
    removed, rest = without(tmp_path, "a.csv", content, renames={"Account": "customer_id"}, person=Person("C-17", ()))
    assert (removed, rest) == (Removed(1, 0), b"account,customer_id\nC-1,C-17\n")


def test_without_a_customers_column_and_in_broken_records_any_value_speaks(tmp_path):
    assert without(tmp_path, "a.csv", "id,who\n1,C-17\n2,C-1\n")[1] == b"id,who\n2,C-1\n"
    broken = 'customer_id,comment\nC-1,a\n1,C-17,b\nC-1,"b\n'
    assert without(tmp_path, "b.csv", broken)[1] == b'customer_id,comment\nC-1,a\nC-1,"b\n'
    assert without(tmp_path, "c.csv", 'customer_id,comment\nC-17,"open\nC-1,x\n')[1] == b"customer_id,comment\nC-1,x\n"


def test_what_names_them_in_others_words_is_taken_out(tmp_path):
    content = (
        'customer_id,comment\nC-1,"GRACE HOPPER, c-17 or Grace@Example.org, not C-170 or ungrace hoppers"\nC-2,fine\n'
    )
    removed, rest = without(tmp_path, "a.csv", content)
    assert removed == Removed(0, 1)
    said = '"[forgotten], [forgotten] or [forgotten], not C-170 or ungrace hoppers"'
    assert rest == f"customer_id,comment\nC-1,{said}\nC-2,fine\n".encode()
    nested = {"customer_id": "C-1", "who": {"names": ["Grace Hopper", 3]}}
    rest = without(tmp_path, "a.jsonl", json.dumps(nested) + "\n")[1]
    assert json.loads(rest) == {"customer_id": "C-1", "who": {"names": ["[forgotten]", 3]}}


@pytest.mark.parametrize(
    ("name", "content"), [("a.xlsx", b"PK\x03\x04"), ("a", b"C-17"), ("a.parquet", b"PAR1 cut"), ("a.csv", b"\xff")]
)
def test_what_cannot_be_read_is_told(tmp_path, name, content):
    assert without(tmp_path, name, content, encoding="utf-16" if name == "a.csv" else "utf-8")[0] is None


def test_bytes_that_are_no_text_stay(tmp_path):
    assert (
        without(tmp_path, "a.csv", b"customer_id,comment\nC-17,\xff\nC-1,\xfe\n")[1]
        == b"customer_id,comment\nC-1,\xfe\n"
    )


CELL = st.text(st.sampled_from('C-17,;"\n\r ab\t'), max_size=12)


@given(st.lists(st.tuples(st.sampled_from(["C-17", "C-1", " C-17", "C-170", "a\nb"]), CELL), max_size=12))
def test_whatever_stands_in_the_cells_these_records_go_and_the_others_stay(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("files")
    said, kept = io.StringIO(newline=""), io.StringIO(newline="")
    for file, of in ((said, rows), (kept, [row for row in rows if row[0].strip() != "C-17"])):
        csv.writer(file).writerows([("customer_id", "comment"), *of])
    removed, rest = without(folder, "a.csv", said.getvalue(), person=Person("C-17", ()))
    assert rest == kept.getvalue().encode()
    assert removed.n_records == sum(row[0].strip() == "C-17" for row in rows)
