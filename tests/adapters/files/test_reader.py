"""Files of every format and every kind of damage, read by the real DuckDB."""

import pytest
from support.inboxes import HEADER, survey
from support.reading import broken, lines, read, staged

from voc.adapters.files.encoding import EncodingError
from voc.errors import InputError


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_csv_says_by_its_header_how_it_is_separated(sql, tmp_path, delimiter, line_end):
    text = (HEADER + survey(1) + survey(2)).replace(",", delimiter).replace("\n", line_end)
    got = read(sql, tmp_path / "a.csv", text)
    assert staged(sql, got, "response_id", "comment") == [("R1", "fine"), ("R2", "fine")]
    assert (got.n_read, got.n_broken) == (2, 0)


def test_swapped_columns_of_the_same_type_are_told_apart_by_name(sql, tmp_path):
    got = read(sql, tmp_path / "a.csv", "customer_id,response_id,responded_at,survey,score\nC1,R1,2026-02-01,nps,7\n")
    assert staged(sql, got, "response_id", "customer_id") == [("R1", "C1")]


def test_names_are_matched_without_case_and_outer_blanks_and_by_the_renames(sql, tmp_path):
    text = " Response_ID ,CUSTOMER_ID,When,survey,Note\nR1,C1,2026-02-01,nps,7\n"
    got = read(sql, tmp_path / "a.csv", text, columns={"when": "responded_at", "note": "score"})
    assert staged(sql, got, "response_id", "responded_at", "score") == [("R1", "2026-02-01", "7")]


def test_a_renamed_column_goes_before_one_that_has_our_name_already(sql, tmp_path):
    text = HEADER.replace("comment", "nps_score") + "R1,C1,2026-02-01,nps,7,9\n"
    got = read(sql, tmp_path / "a.csv", text, columns={"nps_score": "score"})
    assert staged(sql, got, "score") == [("9",)]
    assert set(got.header.extra) == {"score"}


def test_a_missing_column_is_refused_with_its_likely_name(sql, tmp_path):
    with pytest.raises(InputError, match=r"expected customer_id, .*did you mean customer for customer_id") as refused:
        read(sql, tmp_path / "a.csv", HEADER.replace("customer_id", "customer") + survey(1))
    assert refused.value.fix == "put `columns: {customer: customer_id}` under source nps"


def test_a_file_without_a_header_is_refused_without_showing_its_first_customer(sql, tmp_path):
    with pytest.raises(InputError, match="6 names of which none is known") as refused:
        read(sql, tmp_path / "a.csv", "R1,Jane Doe,2026-02-01,nps,7,jane@example.com\n")
    assert "Jane" not in str(refused.value)
    assert "jane" not in str(refused.value)


def test_a_column_named_twice_is_refused(sql, tmp_path):
    with pytest.raises(InputError, match=r"'score' more than once"):
        read(sql, tmp_path / "a.csv", HEADER.replace("comment", "Score") + survey(1))


def test_a_quoted_line_break_is_one_value_and_later_lines_keep_their_numbers(sql, tmp_path):
    got = read(sql, tmp_path / "a.csv", HEADER + survey(1, comment='"two\nlines, ""quoted"""') + survey(2))
    assert staged(sql, got, "comment") == [('two\nlines, "quoted"',), ("fine",)]
    assert lines(sql, got) == [2, 4]


def test_broken_records_are_named_by_line_and_the_rest_is_read(sql, tmp_path):
    text = (
        HEADER
        + survey(1, comment='"a\nb"')
        + "R2,C2\n"
        + survey(3)
        + survey(4, comment="x,y")
        + '5,"C"5,"\n'
        + survey(6)
    )
    got = read(sql, tmp_path / "a.csv", text)
    assert staged(sql, got, "response_id") == [("R1",), ("R3",), ("R6",)]
    assert broken(sql, got) == [(4, "missing_columns"), (6, "too_many_columns"), (7, "bad_quote")]
    assert lines(sql, got) == [2, 5, 8]
    assert got.n_read == 6


def test_mixed_line_ends_and_blank_lines_lose_nothing(sql, tmp_path):
    text = HEADER + survey(1).replace("\n", "\r\n") + "\n" + survey(2) + "\r\n" + survey(3) + "\n\n"
    got = read(sql, tmp_path / "a.csv", text)
    assert staged(sql, got, "response_id", "comment") == [("R1", "fine"), ("R2", "fine"), ("R3", "fine")]
    assert lines(sql, got) == [2, 4, 6]


@pytest.mark.parametrize("cut", ["R9,C9,2026-02", 'R9,C9,2026-02-01,nps,7,"it broke', 'R9,C9,"'])
def test_a_cut_file_is_refused(sql, tmp_path, cut):
    with pytest.raises(InputError, match=r"breaks off|never closed"):
        read(sql, tmp_path / "a.csv", HEADER + survey(1) + cut)


@pytest.mark.parametrize("at", [0.02, 0.5, 0.97])
def test_a_stray_quote_in_a_large_file_never_loses_rows_without_a_word(sql, tmp_path, at):
    rows = [survey(i, comment="the technician came late and nobody called back about it") for i in range(250_000)]
    rows[int(at * len(rows))] = '"' + rows[int(at * len(rows))]
    with pytest.raises(InputError, match=r"never closed|still open"):
        read(sql, tmp_path / "a.csv", HEADER + "".join(rows))


@pytest.mark.parametrize(
    ("encoding", "saved_as"),
    [("utf-8", "utf-8-sig"), ("utf-16", "utf-16"), ("cp1252", "cp1252"), ("mac-roman", "mac-roman")],
)
def test_declared_encodings_are_read(sql, tmp_path, encoding, saved_as):
    got = read(
        sql,
        tmp_path / "a.csv",
        (HEADER + survey(1, comment="très bien, naïve")).replace("bien,", "bien").encode(saved_as),
        encoding=encoding,
    )
    assert staged(sql, got, "comment") == [("très bien naïve",)]


def test_undecodable_bytes_are_named_by_their_offset_never_shown(sql, tmp_path):
    bad = (HEADER + survey(1) + survey(2, comment="secret caf\xe9")).encode("cp1252")
    with pytest.raises(EncodingError, match=rf"byte {bad.index(0xE9)} is not utf-8") as refused:
        read(sql, tmp_path / "a.csv", bad)
    assert "cp1252" in refused.value.fix
    assert "secret" not in str(refused.value)


def test_utf_16_read_as_utf_8_is_recognised_by_its_mark(sql, tmp_path):
    with pytest.raises(EncodingError, match="byte 0 is not utf-8") as refused:
        read(sql, tmp_path / "a.csv", (HEADER + survey(1)).encode("utf-16"))
    assert "encoding: utf-16" in refused.value.fix


def test_an_odd_byte_at_the_end_of_utf_16_is_named(sql, tmp_path):
    with pytest.raises(EncodingError, match="is not utf-16"):
        read(sql, tmp_path / "a.csv", (HEADER + survey(1)).encode("utf-16") + b"x", encoding="utf-16")


def test_a_comment_of_ten_megabytes_is_read_and_a_line_of_seventeen_is_broken(sql, tmp_path):
    text = HEADER + survey(1, comment="x" * 10_000_000) + survey(2, comment="y" * 17_000_000) + survey(3)
    got = read(sql, tmp_path / "a.csv", text)
    assert staged(sql, got, "response_id") == [("R1",), ("R3",)]
    assert broken(sql, got) == [(3, "line_too_long")]


def test_a_header_alone_is_a_file_of_no_rows(sql, tmp_path):
    assert read(sql, tmp_path / "a.csv", HEADER).n_read == 0
    assert read(sql, tmp_path / "a.csv", HEADER.rstrip()).n_read == 0


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.parquet"])
def test_an_empty_file_is_refused(sql, tmp_path, name):
    with pytest.raises(InputError, match="0 bytes"):
        read(sql, tmp_path / name, "")


def test_an_unknown_ending_is_refused(sql, tmp_path):
    with pytest.raises(InputError, match="no format"):
        read(sql, tmp_path / "a.xlsx", "PK")


def test_glob_characters_in_the_path_are_only_characters(sql, tmp_path):
    folder = tmp_path / "st[a]te*?"
    folder.mkdir()
    assert read(sql, folder / "a.csv", HEADER + survey(1)).n_read == 1
    assert read(sql, folder / "b.csv", HEADER + survey(1) + "\n" + survey(2)).n_read == 2
