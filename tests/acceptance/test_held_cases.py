"""Two nights through the command line on which a source is missing: its cases wait, and people are told why."""

import email
import json
from email import policy

import pytest
import yaml
from support.small_demo import AS_OF, copy_of, voc

pytestmark = pytest.mark.slow

OPERATOR = "data-desk@lumen.example"


def cases(config):
    return json.loads(voc(config, "case", "list", "--json"))["cases"]


def mails(config):
    found = (config.parent / "state" / "outbox").glob("*.eml")
    return [email.message_from_bytes(path.read_bytes(), policy=policy.SMTP) for path in found]


def test_cases_that_rest_on_a_quarantined_file_are_held_until_it_is_mended(first_night, tmp_path):
    config = copy_of(first_night, tmp_path / "demo")
    said = yaml.safe_load(config.read_text())
    said["alerts"]["operator"] = OPERATOR
    config.write_text(yaml.safe_dump(said))
    inbox = config.parent / "inbox"
    voc(config, "run", "--as-of", AS_OF)
    before = {case["case_id"]: case["state"] for case in cases(config)}
    assert before
    n_mails = len(mails(config))

    header = (inbox / "surveys.csv").read_text().splitlines()[0]
    broken = "".join(f"X-{i},LB-0401,2026-03-02T10:00:00Z,nps,eleven,0,10,,,,,,\n" for i in range(200))
    (inbox / "surveys-2.csv").write_text(f"{header}\n{broken}")
    night = json.loads(voc(config, "run", "--as-of", "2026-03-02", "--json"))
    assert any("surveys-2.csv: quarantined" in line for line in night["warnings"])
    held = cases(config)
    assert {case["case_id"]: case["state"] for case in held} == before
    assert {case["held_because"] for case in held} == {"source nps has its newest file put aside: surveys-2.csv"}
    assert "Not judged tonight" in (config.parent / "state" / "reports" / "latest" / "index.html").read_text()
    told = [mail for mail in mails(config) if mail["To"] == OPERATOR]
    assert len(told) == 1
    assert "nps" in told[0].get_content()
    assert len(mails(config)) == n_mails + 1

    (inbox / "surveys-2.csv").write_text(f"{header}\n" + broken.replace("eleven", "9"))
    voc(config, "run", "--as-of", "2026-03-03")
    assert {case["held_because"] for case in cases(config) if case["case_id"] in before} == {None}
    assert len([mail for mail in mails(config) if mail["To"] == OPERATOR]) == 1
