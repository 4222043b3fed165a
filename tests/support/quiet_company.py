"""A made-up company in which nothing happens, for tests that make one thing happen in it."""

import numpy as np

from voc.detection.panel import Panel
from voc.detection.rivals import RIVALS, Candidate, explanations, learn_baseline
from voc.domain.kinds import Kind
from voc.domain.kpi import Kpi

WEEKS, START = 104, 84
REPLY, ON_TIME, AUDIT = 0, 1, 2
KPIS = (
    Kpi("reply", "Time to first reply", "hours", "lower"),
    Kpi("on_time", "On-time deliveries", "share", "higher"),
    Kpi("audit", "Audit score", "score", "higher", cadence="monthly"),
)
PLANS = ("free", "basic", "plus", "premium")
PEOPLE = 4
COLUMNS = ("customer", "week", "sentiment", "channel", "touchpoint", "respondent", "text")


class QuietCompany:
    """``n`` customers who say something every other week; ``items`` by column and ``values`` (N, K, W) may be changed.

    Each customer has four people, who speak through two channels about three touchpoints.
    """

    def __init__(self, n=120, seed=0):
        self.rng = rng = np.random.default_rng(seed)
        self.n, self.plan = n, rng.integers(0, len(PLANS), n)
        z = rng.normal(size=(n, len(KPIS), WEEKS))
        self.values = np.stack([4 * np.exp(0.2 * z[:, 0]), 0.8 + 0.05 * z[:, 1], 70 + 5 * z[:, 2]], axis=1)
        self.values[:, AUDIT][:, np.arange(WEEKS) % 4 > 0] = np.nan
        customer, week = np.nonzero(rng.random((n, WEEKS)) < 0.5)
        m = customer.size
        self.items = {
            "customer": customer,
            "week": week,
            "sentiment": 0.2 + 0.15 * rng.normal(size=m),
            "channel": rng.integers(0, 2, m),
            "touchpoint": rng.integers(0, 3, m),
            "respondent": PEOPLE * customer + rng.integers(0, PEOPLE, m),
            "text": 10 + np.arange(m),
        }

    def of(self, customer, since=START):
        """Which items are the customer's since a week."""
        return (self.items["customer"] == customer) & (self.items["week"] >= since)

    def say(self, customer, weeks, sentiment, channel=0, touchpoint=0, respondent=-1, text=-1):
        """Adds one item a week."""
        weeks = np.asarray(weeks)
        new = dict(zip(COLUMNS, (customer, weeks, sentiment, channel, touchpoint, respondent, text), strict=True))
        for name in COLUMNS:
            self.items[name] = np.r_[self.items[name], np.broadcast_to(new[name], weeks.shape)]

    def keep(self, kept):
        """Forgets all other items."""
        self.items = {name: values[kept] for name, values in self.items.items()}

    def panel(self):
        order = np.lexsort((self.items["week"], self.items["customer"]))
        items = {name: values[order] for name, values in self.items.items()}
        return Panel(
            customers=np.array([f"c{i:04d}" for i in range(self.n)]),
            weeks=np.datetime64("2024-01-01") + 7 * np.arange(WEEKS),
            first_week=np.zeros(self.n, np.int64),
            last_week=np.full(self.n, WEEKS - 1),
            kpis=KPIS,
            kpi_values=self.values,
            offsets=np.searchsorted(items["customer"], np.arange(self.n + 1)),
            item_id=np.arange(order.size).astype(str),
            item_week=items["week"],
            sentiment=np.clip(items["sentiment"], -1, 1),
            sentiment_se=np.full(order.size, 0.05),
            channel=items["channel"],
            touchpoint=items["touchpoint"],
            respondent=items["respondent"],
            touchpoints=("delivery", "support", "billing"),
            item_text=items["text"],
            levels=("plan",),
            groups=(PLANS,),
            group=self.plan[None],
        )

    def explanations(self, **candidate):
        """What `rivals_of` says of it."""
        panel = self.panel()
        return rivals_of(panel, learn_baseline(panel), **candidate)


def rivals_of(panel, baseline, members=0, kind=Kind.WATERMELON, kpi=REPLY, start=START, **claimed):
    """The rivals of one candidate by name; its change of sentiment is the plain one unless it is given."""
    members = np.atleast_1d(members)
    ours = np.isin(panel.item_customer, members) & (panel.item_week >= start - 52)
    after = panel.item_week >= start
    sentiment = [panel.sentiment[ours & side] for side in (after, ~after)]
    change, se = np.nan, np.nan
    if min(map(len, sentiment)):
        change, se = sentiment[0].mean() - sentiment[1].mean(), np.sqrt(sum(x.var() / x.size for x in sentiment))
    claimed = {"sentiment_change": change, "sentiment_se": se} | claimed
    candidate = Candidate(members, kpi, kind, start, n_after=len(sentiment[0]), n_before=len(sentiment[1]), **claimed)
    rivals = explanations(panel, candidate, baseline)
    assert [rival.name for rival in rivals] == [rival.__name__ for rival in RIVALS]
    assert all(rival.sentence.endswith(".") for rival in rivals)
    return {rival.name: rival for rival in rivals}


__all__ = ["AUDIT", "KPIS", "ON_TIME", "REPLY", "START", "WEEKS", "QuietCompany", "rivals_of"]
