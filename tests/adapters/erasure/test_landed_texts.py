"""A file without its old words: they are gone, and every other byte is as it was."""

import csv
import io
import json

import duckdb
import pytest

from voc.adapters.erasure.landed_texts import ExpiredTexts, rewrite

NAMES = ("id", "comment", "at", "note")


def without(folder, name, content, lines=(), broken=(), *, names=NAMES, encoding="utf-8"):
    """The bytes that are left of a file with this content, its comments and the letters of its notes removed."""
    path, target = folder / name, folder / "rest"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    expired = ExpiredTexts(names, [names.index("comment")], [names.index("note")], set(lines), set(broken))
    done = rewrite(path, target, expired, encoding)
    assert done == target.exists()
    return target.read_bytes() if done else None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac-roman"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_a_csv_of_any_dialect_loses_the_words_of_these_records_and_nothing_else(tmp_path, encoding, end, mark):
    rows = [
        NAMES,
        ["1", f'old "é"{mark}{end}over lines', "a", "7"],
        ["2", f"kept{end}é", "b", "8"],
        ["3", "old", "c", "n7"],
        ["4", "", " d", ""],
    ]
    without_words = [rows[0], ["1", "", "a", "7"], rows[2], ["3", "", "c", ""], rows[4]]
    said, rest = io.StringIO(newline=""), io.StringIO(newline="")
    for file, content in ((said, rows), (rest, without_words)):
        csv.writer(file, delimiter=mark, lineterminator=end).writerows(content)
    left = without(tmp_path, "a.csv", said.getvalue(), [2, 6, 7], encoding=encoding)
    assert left == rest.getvalue().encode(encoding)


def test_quotes_that_need_not_be_stay_where_they_are(tmp_path):
    content = '\ufeff"id" ,comment,"at",note\r\n"1","old ""one""","a","5"\n2, old ,"",old'
    left = without(tmp_path, "a.csv", content, [2, 3])
    assert left == '\ufeff"id" ,comment,"at",note\r\n"1",,"a","5"\n2,,"",'.encode()


def test_a_record_that_cannot_be_read_keeps_its_shape_without_a_letter(tmp_path):
    content = 'id,comment,at,note\n1,old words,a\n2,"old "words",b,c\n3,kept,c,d\n'
    left = without(tmp_path, "a.csv", content, broken=[2, 3])
    assert left == b'id,comment,at,note\n1,xxx xxxxx,x\n2,"xxx "xxxxx",x,x\n3,kept,c,d\n'


def test_json_lines_have_null_in_place_of_the_words(tmp_path):
    lines = [
        '\ufeff{"id":1 , "comment" : "old \\"one\\" }, {", "at": 1.50e3, "note": 12}',
        "",
        '{"comment": {"said": "old"}, "note": ["old"], "id": 2, "new": "stays"}',
        '{"id": 3, "comment": "kept"}',
        "{}",
        '{"comment": null, "note": "old"}',
        '["old"]',
    ]
    names = ("id", "comment", "at", "note", "new")
    left = without(tmp_path, "a.jsonl", "\r\n".join(lines) + "\r\n", [1, 3, 5, 6], [7], names=names)
    assert left.decode().split("\r\n") == [
        '\ufeff{"id":1 , "comment" : null, "at": 1.50e3, "note": 12}',
        "",
        '{"comment": null, "note": null, "id": 2, "new": "stays"}',
        lines[3],
        "{}",
        '{"comment": null, "note": null}',
        '["xxx"]',
        "",
    ]
    assert json.loads(left.decode().split("\r\n")[2])["id"] == 2


def test_parquet_keeps_its_types_and_the_order_of_its_rows(tmp_path):
    path = tmp_path / "a.parquet"
    duckdb.sql(
        "copy (select i as id, 'old ' || i as comment, timestamp '2026-01-01' as at, "
        "if(i % 2 = 0, ['old'], null) as note from range(300000) t (i)) "
        f"to '{path}' (format parquet)"
    )
    without(tmp_path, "a.parquet", path.read_bytes(), range(2, 300_001))
    rest = duckdb.sql(f"from read_parquet('{tmp_path / 'rest'}')")
    assert [str(one) for one in rest.types] == ["BIGINT", "VARCHAR", "TIMESTAMP", "VARCHAR[]"]
    rows = rest.fetchall()
    assert [row[0] for row in rows] == list(range(300_000))
    assert [row for row in rows if row[1] or row[3]] == [(0, "old 0", rows[0][2], ["old"])]
    assert all(row[2] for row in rows)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "other,names\n1,old\n"),
        ("a.csv", 'id,comment,at,note\n1,"old"x,a,b\n'),
        ("a.jsonl", '{"id": 1}\nno object\n'),
        ("a.jsonl", '{"id": 1}\n{"comment": "old"\n'),
        ("a.parquet", "no parquet"),
    ],
)
def test_a_file_that_cannot_be_rewritten_is_left_alone(tmp_path, name, content):
    assert without(tmp_path, name, content, [2]) is None
