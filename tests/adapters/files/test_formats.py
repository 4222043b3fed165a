"""JSON lines and Parquet, read by the real DuckDB."""

import json

import pytest
from support.inboxes import HEADER, survey
from support.reading import broken, lines, read, staged

from voc.errors import InputError


def answer(i, **more):
    return {
        "response_id": f"R{i}",
        "customer_id": "C1",
        "responded_at": "2026-02-01",
        "survey": "nps",
        "score": i,
        **more,
    }


def test_json_lines_are_read_by_key_in_any_order_and_nested_values_become_text(sql, tmp_path):
    flipped = dict(reversed(answer(2, comment=None).items()))
    text = "\n".join(json.dumps(a) for a in [answer(1, tags=["a", {"b": 1}], comment="été"), flipped])
    got = read(sql, tmp_path / "a.jsonl", text)
    assert staged(sql, got, "response_id", "score", "comment") == [("R1", "1", "été"), ("R2", "2", None)]
    tags = got.header.extra["tags"]
    assert sql.execute(f"select c{tags} from {got.records}").fetchall() == [('["a",{"b":1}]',), (None,)]


def test_lines_that_are_no_object_are_broken_and_keep_their_numbers(sql, tmp_path):
    text = "\n".join(
        [json.dumps(answer(1)), "", "{not json", "[1]", '{"comment": "\\ud800"}', json.dumps(answer(2)), ""]
    )
    got = read(sql, tmp_path / "a.jsonl", text)
    assert broken(sql, got) == [(3, "not_an_object"), (4, "not_an_object"), (5, "not_an_object")]
    assert lines(sql, got) == [1, 6]


def test_a_cut_json_file_is_refused(sql, tmp_path):
    with pytest.raises(InputError, match="line 2, the last"):
        read(sql, tmp_path / "a.jsonl", json.dumps(answer(1)) + "\n" + json.dumps(answer(2))[:-4])


def test_json_keys_with_special_characters_and_a_missing_required_key(sql, tmp_path):
    got = read(sql, tmp_path / "a.jsonl", json.dumps({**answer(1), "a/b~c'\"": "x"}))
    assert set(got.header.extra) == {"a/b~c'\""}
    with pytest.raises(InputError, match="expected score"):
        read(sql, tmp_path / "b.jsonl", json.dumps({k: v for k, v in answer(1).items() if k != "score"}))


def test_json_numbers_have_a_point_whatever_the_texts_have(sql, tmp_path):
    text = json.dumps(answer(1, score=1.5)) + "\n" + json.dumps(answer(2, score="2,5"))
    got = read(sql, tmp_path / "a.jsonl", text.replace('"score": 1,', ""), decimal=",")
    assert staged(sql, got, "score") == [("1,5",), ("2,5",)]


def test_parquet_is_read_as_text_with_iso_times(sql, tmp_path):
    path = tmp_path / "a.parquet"
    sql.execute(
        f"""copy (select 'R1' as response_id, 7::bigint as customer_id, timestamp '2026-02-01 10:00:00' as responded_at,
        'nps' as survey, 7.5::double as score, timestamptz '2026-02-01 10:00:00+02' as invited_at, [1, 2] as tags)
        to '{path}'"""
    )
    got = read(sql, path, path.read_bytes())
    assert staged(sql, got, "customer_id", "responded_at", "invited_at", "score") == [
        ("7", "2026-02-01 10:00:00", "2026-02-01 08:00:00+00", "7.5")
    ]


def test_a_damaged_parquet_file_is_refused(sql, tmp_path):
    with pytest.raises(InputError, match="not a sound Parquet"):
        read(sql, tmp_path / "a.parquet", b"PAR1 and then nothing PAR1")


def test_nul_bytes_leave_every_format(sql, tmp_path):
    got = read(sql, tmp_path / "a.csv", HEADER + survey(1, comment="a\0b"))
    assert staged(sql, got, "comment") == [("ab",)]
    got = read(sql, tmp_path / "a.csv", HEADER + survey(1, comment="a\0b") + "\n" + survey(2))
    assert staged(sql, got, "comment") == [("ab",), ("fine",)]
    got = read(sql, tmp_path / "a.jsonl", json.dumps(answer(1, comment="a\0b")))
    assert staged(sql, got, "comment") == [("ab",)]
