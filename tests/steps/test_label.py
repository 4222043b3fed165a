"""Which texts people are asked to label, and what becomes of their labels."""

from datetime import timedelta

import duckdb
import pytest
from support import wordy_company
from support.wordy_company import AS_OF, MAIL, NIGHT, label_of

from voc.adapters.control_store import audit_labels, control
from voc.domain import weeks
from voc.errors import InputError
from voc.steps import label


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """A state folder after a night; nothing is labelled, and tests leave it so."""
    state = tmp_path_factory.mktemp("wordy") / "state"
    wordy_company.write(state)
    return state


@pytest.fixture
def labelled(night):
    """Labels texts as one would read them; forgotten after the test."""
    given = []

    def give(asked, at=NIGHT):
        with control.opened(night) as store:
            given.extend(audit_labels.add(store, one.text_id, label_of(one.text), by="ann", at=at) for one in asked)

    yield give
    with control.opened(night) as store:
        for audit_id in given:
            audit_labels.take_back(store, audit_id)


def sheet(state, n=200, **meant):
    return label.run(wordy_company.path(state), state=state, n=n, **meant)


def words(sheet):
    return [one.text for one in sheet.asked]


def change(state, statement):
    with duckdb.connect(str(wordy_company.path(state))) as work:
        work.execute(statement)


def test_the_channel_with_most_texts_comes_first_until_its_labels_are_enough(night, labelled):
    first = sheet(night, 70)
    assert (first.source, first.question, first.language) == ("desk", "", "en")
    labelled(first.asked)
    assert sheet(night).source == "nps"
    assert sheet(night, source="desk").labels.keys() == {one.text_id for one in first.asked}


def test_a_channel_with_a_learned_scorer_comes_last(night):
    change(night, "update ml.scorers set basis = 'ratings' where source = 'desk'")
    assert sheet(night).source == "nps"
    change(night, "update ml.scorers set basis = 'lexicon' where source = 'desk'")


def test_no_agents_words_are_asked_nor_those_that_hold_no_answer_and_equal_ones_once(night):
    texts = words(sheet(night))
    assert len(texts) == 80 + 1 + 1
    assert sum("nothing new" in text.lower() for text in texts) == 1
    assert not {text for text in texts if "solved" in text or "n/a" in text}


def test_texts_are_shown_without_personal_data(night):
    (text,) = (text for text in words(sheet(night)) if "Once more" in text)
    assert MAIL not in text
    assert "byron" not in text


def test_everybody_is_asked_about_once_before_anybody_twice(night, labelled):
    asked = sheet(night).asked
    of_p1 = [i for i, one in enumerate(asked) if "Once more" in one.text or "garden river" in one.text]
    assert of_p1[1] == len(asked) - 1
    labelled([asked[of_p1[0]]])  # whose one text is labelled stays last with the other
    assert [one.text_id for one in sheet(night).asked] == [
        one.text_id for i, one in enumerate(asked) if i != of_p1[0]
    ]  # fmt: skip


def test_the_order_is_one_of_chance_and_the_same_after_every_break(night, labelled):
    whole = sheet(night).asked
    tones = [label_of(one.text) for one in whole if label_of(one.text) != 0.5]
    assert 8 <= sum(tones[:30]) <= 22
    labelled(sheet(night, 20).asked)
    assert sheet(night).asked == tuple(one for one in whole[20:])


def test_words_that_are_labelled_already_are_not_asked_in_another_text(night, labelled):
    (usual,) = (one for one in sheet(night).asked if "nothing new" in one.text.lower())
    labelled([usual])
    assert not [text for text in words(sheet(night)) if "nothing new" in text.lower()]


def test_labels_are_learned_from_in_the_next_block_and_not_before(tmp_path):
    state = tmp_path / "state"
    path = wordy_company.write(state)
    assert wordy_company.scorers(path)["desk"] == ("lexicon", 0)
    with control.opened(state) as store:
        for one in sheet(state).asked:
            audit_labels.add(store, one.text_id, label_of(one.text), by="ann", at=NIGHT)
    wordy_company.write(state)
    assert wordy_company.scorers(path)["desk"] == ("lexicon", 0)
    next_block = weeks.block_start(AS_OF) + timedelta(weeks=weeks.BLOCK_WEEKS)
    wordy_company.write(state, next_block)
    assert wordy_company.scorers(path)["desk"] == ("audit labels", 82)


@pytest.mark.parametrize(
    ("warm", "neither", "cold", "wanted"),
    [
        (0, 0, 0, (50, 10, 10)),
        (20, 30, 6, (4, 0, 4)),
        (20, 10, 6, (14, 0, 4)),
        (3, 40, 3, (14, 7, 7)),
        (10, 30, 10, (0, 0, 0)),
        (90, 0, 10, (0, 0, 0)),
    ],
)
def test_how_many_more_labels_it_takes(warm, neither, cold, wanted):
    now = label.count_labels([1.0] * warm + [0.5] * neither + [0.0] * cold)
    assert (now.n_wanted, now.warm_wanted, now.cold_wanted) == wanted
    assert now.n_labels == warm + neither + cold


def test_what_there_is_nothing_to_label_in_is_told_with_what_there_is(night):
    with pytest.raises(InputError, match="--source desk --question '' --language 'en'"):
        sheet(night, source="dsek")


def test_before_the_first_night_there_is_nothing_to_label(tmp_path):
    with pytest.raises(InputError, match="voc run"):
        sheet(tmp_path)
    assert not wordy_company.path(tmp_path).exists()
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")):
        pass
    with pytest.raises(InputError, match="voc run"):
        label.run(tmp_path / "warehouse.duckdb", state=tmp_path, n=1)
