"""The themes of the score step: learned once a block, in any order of nights, and touching only what is new."""

from datetime import date, datetime, timedelta

import duckdb
import pandas as pd
import pytest
from support import dbt_views

from voc.adapters.work_file import theme_tables
from voc.adapters.work_file.schema import ddl
from voc.steps import score_themes

FIRST, BLOCK = date(2025, 12, 22), timedelta(weeks=4)
"""The Monday on which the block after the first texts begins."""
SAID = {
    "en": ["the courier left my parcel in the rain", "the invoice charged me twice", "friendly staff", "so it goes"],
    "nl": ["de bezorger liet het pakket in de regen", "de factuur klopt niet", "vriendelijk personeel", "nou ja"],
}
DOG = "a dog bit through the cable"


class Work:
    """A work file with what the themes need of a night: what people wrote, and when their block began."""

    def __init__(self, folder):
        self.folder = folder / "models"
        self.connection = duckdb.connect(str(folder / "warehouse.duckdb"))
        self.connection.execute(ddl())
        self.connection.execute("set TimeZone = 'UTC'; create schema int")
        self.connection.execute("insert into raw.config_company values ('Lumen', 'UTC', 'EUR')")

    def say(self, rows):
        """text_id, language, customer_id, said_at, text; a later call replaces what was said."""
        frame = pd.DataFrame(rows, columns=["text_id", "language", "customer_id", "said_at", "text"])
        self.connection.register("said", frame)
        self.connection.execute(
            "create or replace table int.said as select * replace (said_at::timestamp as said_at) from said"
        )
        self.connection.execute("""
            insert or replace into ml.texts select text_id, 'reader', language, text from said
        """)
        self.connection.unregister("said")

    def night(self, block):
        """Lays texts in a block; how many."""
        self.connection.execute("delete from raw.config_run")
        self.connection.execute(
            "insert into raw.config_run by name select 'r' as run_id, ? as learn_before, ? as block_days",
            [datetime.combine(block, datetime.min.time()), BLOCK.days],
        )
        self.connection.execute("""
            create or replace view int.int_text as
            select *, 'nps' as source, 'nps' as question, customer_id as respondent, null::double as label,
                said_at < (select learn_before from raw.config_run) as is_known_at_block
            from int.said;
            create or replace view int.int_feedback as
            select 'Home visit' as touchpoint, is_known_at_block from int.int_text
        """)
        dbt_views.create(self.connection, *dbt_views.SCORED)
        return score_themes.assign_themes(self.connection, self.folder)

    def ask(self, query):
        return self.connection.execute(query).fetchall()

    @property
    def content(self):
        return [self.ask(f"select * from ml.{table} order by all") for table in ("themes", "text_themes")]


def history(blocks, dogs=()):
    """Twenty customers who write in both languages in every block, and of a dog in some."""
    rows = []
    for block in range(blocks):
        for customer in range(20):
            at = datetime.fromisoformat("2025-12-01") + timedelta(weeks=4 * block, hours=customer)
            for language, said in SAID.items():
                text = said[customer % 4] + f" {'lately' if customer % 3 else 'again'}"
                rows.append((f"{language}{block}-{customer}", language, f"C{customer}", at, text))
            if block in dogs:
                rows.append((f"dog{block}-{customer}", "en", f"C{customer}", at, DOG))
    return rows


@pytest.fixture
def work(tmp_path):
    return Work(tmp_path)


def test_each_text_is_laid_to_the_theme_of_its_touchpoint_in_its_language(work):
    work.say(history(3))
    assert work.night(FIRST + 3 * BLOCK) == 3 * 40
    themes = work.ask("""
        select theme, count(distinct language) from ml.text_themes inner join ml.texts using (text_id)
        where theme is not null group by all having count(*) > 20 order by theme
    """)
    assert themes == [("delivery", 2), ("price", 2), ("staff", 2)]
    assert work.ask("select distinct name from ml.themes where theme = 'price'") == [("price and billing",)]
    assert work.ask("select count(*) from ml.themes where len(terms) > 5 or len(terms) = 0") == [(0,)]


def test_the_same_again_touches_nothing_and_a_new_text_only_itself(work):
    work.say(history(3))
    work.night(FIRST + 2 * BLOCK)
    files = sorted(work.folder.glob("*"))
    before = [path.stat().st_mtime_ns for path in files]
    assert work.night(FIRST + 2 * BLOCK) == 0
    late = [("late", "en", "C1", datetime.fromisoformat("2026-12-01"), "the courier never came")]
    work.say(history(3) + late)
    assert work.night(FIRST + 2 * BLOCK) == 1
    assert work.ask("select theme from ml.text_themes where text_id = 'late'") == [("delivery",)]
    assert [path.stat().st_mtime_ns for path in files] == before


def test_any_order_of_nights_gives_the_same_themes(work, tmp_path_factory):
    work.say(history(5, dogs=(3, 4)))
    for n in (5, 2, 4):
        work.night(FIRST + n * BLOCK)
    other = Work(tmp_path_factory.mktemp("another"))
    other.say(history(5, dogs=(3, 4)))
    other.night(FIRST + 4 * BLOCK)
    assert work.content == other.content


def test_a_new_block_learns_one_link_on(work, monkeypatch):
    work.say(history(5))
    work.night(FIRST + 3 * BLOCK)
    learned = []
    training_texts = theme_tables.training_texts

    def noted(connection, known, before, **options):
        learned.append((known["text_id"].iat[0][:2], before))
        return training_texts(connection, known, before, **options)

    monkeypatch.setattr(theme_tables, "training_texts", noted)
    work.night(FIRST + 4 * BLOCK)
    assert learned == [("en", FIRST + 4 * BLOCK), ("nl", FIRST + 4 * BLOCK)]


def test_what_comes_up_is_a_new_theme_for_a_block_and_keeps_its_name(work):
    work.say(history(6, dogs=(3, 4, 5)))
    new = []
    for n in range(2, 6):
        work.night(FIRST + n * BLOCK)
        new.append(work.ask("select distinct theme from ml.themes where is_new order by all"))
    ((dog,),) = new[1]
    assert "dog" in dog
    assert new == [[], [(dog,)], [], []]
    assert work.ask(f"select count(*) from ml.themes where theme = '{dog}'") == [(1,)]


def test_themes_keep_their_names_when_the_oldest_words_have_gone(work):
    """A dog that was first met at midnight is that dog still, though nobody's words say so any more."""
    rows = history(6, dogs=(1, 2, 3, 4, 5))
    rows = [(*row[:4], f"{DOG} at midnight") if row[0].startswith("dog1") else row for row in rows]
    work.say(rows)
    dogs = "select theme, name from ml.themes where list_contains(terms, 'dog') order by all"
    work.night(FIRST + 5 * BLOCK)
    met = work.ask(dogs)
    assert any("midnight" in name for _, name in met)
    work.say([row for row in rows if row[3] >= datetime.fromisoformat("2025-12-01") + 2 * BLOCK])
    work.night(FIRST + 6 * BLOCK)
    assert set(work.ask(dogs)) <= set(met)
    assert work.ask(dogs)


def test_a_lost_or_torn_file_is_learned_again(work):
    work.say(history(4))
    work.night(FIRST + 4 * BLOCK)
    before = work.content
    for path in work.folder.glob("*.npz"):
        path.write_bytes(path.read_bytes()[:50])
    assert work.night(FIRST + 4 * BLOCK) == 0
    assert work.content == before


def test_a_file_holds_no_word_that_fewer_than_three_customers_used(work):
    rows = history(3)
    rows += [(f"rare{i}", "en", f"C{i % 2}", rows[0][3], "the courier sang sotto voce") for i in range(9)]
    work.say(rows)
    work.night(FIRST + 3 * BLOCK)
    for path in work.folder.glob("*.npz"):
        terms = score_themes._from_file(work.folder, path.stem).themes.terms.tolist()
        assert "sotto" not in terms
    assert "courier" in terms or "bezorger" in terms


def test_without_texts_there_are_no_themes(work):
    work.say(history(0))
    assert work.night(FIRST) == 0
    assert work.content == [[], []]


def test_a_text_whose_language_nobody_knows_is_assigned_to_no_theme(work):
    work.say([(f"t{i}", "", f"C{i}", datetime.fromisoformat("2025-12-01"), "the courier came") for i in range(30)])
    assert work.night(FIRST) == 0
