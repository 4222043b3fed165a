"""Draws the pictures of docs/method.md from made-up companies and prints the figures that its words name.

    python benchmarks/pictures.py [folder]

One company of `worlds` in which half of what is said in the chat is exchanged at random, and one in which a part of a
region fell together. Two minutes on one core; the same pictures every time.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from threadpoolctl import threadpool_limits
from worlds import WORLDS, World, cut

from voc.adapters.report.svg_png import LIGHT
from voc.detection.detector import ContradictionDetector
from voc.detection.findings import Findings
from voc.detection.hypotheses.contrasts import PreparedPanel, prepare
from voc.detection.hypotheses.hypotheses import HYPOTHESES, IS_CONTRADICTION
from voc.detection.panel import Panel
from voc.detection.process.onsets import ONSETS, Onset
from voc.domain.kinds import Kind

SAID, METRIC, INK, QUIET = (LIGHT[role] for role in ("said", "metric", "ink", "quiet"))
PALE, CHANNEL_COLOURS = "#c9d1d9", (SAID, "#4f9ad6", "#8fbfe6", METRIC)
CHANNELS, CHAT, EXCHANGED = ("survey", "ticket", "e-mail", "chat"), 3, 0.5
SHOWN, LAGS = 78, 27
LOOK = {"svg.fonttype": "none", "svg.hashsalt": "voc", "font.family": "sans-serif", "font.size": 9.5}
LOOK |= {"axes.spines.top": False, "axes.spines.right": False, "axes.titlesize": 10.5, "axes.titlelocation": "left"}
LOOK |= {"legend.frameon": False, "legend.fontsize": 8.5, "figure.constrained_layout.use": True}
DASHED = (0, (5, 3))


@dataclass(frozen=True)
class Told:
    """A made-up company, what the detector learned of it two weeks before the end, and what it found."""

    world: World
    panel: Panel
    detector: ContradictionDetector
    prepared: PreparedPanel
    found: Findings

    @classmethod
    def of(cls, world: World, panel: Panel) -> "Told":
        detector = ContradictionDetector().fit(cut(panel, len(panel.weeks) - 2))
        prepared = prepare(panel, detector.company_, detector.min_metric_weeks)
        return cls(world, panel, detector, prepared, detector.find(panel))

    def entry(self, customer: int) -> int:
        return int(np.flatnonzero(self.found.customer == customer)[0])

    def evidence(self, entry: int, part: str) -> np.ndarray:
        """Week (as an index), value, low and high of a series, shape (4, n)."""
        told = self.found.evidence
        rows = [j for j, key in enumerate(zip(told.entry, told.part, strict=True)) if key == (entry, part)]
        week = np.searchsorted(self.panel.weeks, [told.week[j] for j in rows])
        ends = [[np.nan if of[j] is None else of[j] for j in rows] for of in (told.value, told.low, told.high)]
        return np.array([week, *ends], dtype=float)


def with_noisy_chat() -> Told:
    world, rng = WORLDS["linear"](11, n=1500, rate=1.0, share=0.06), np.random.default_rng(0)
    at = np.flatnonzero((world.panel.channel == CHAT) & (rng.random(world.panel.channel.size) < EXCHANGED))
    sentiment = world.panel.sentiment.copy()
    sentiment[at] = rng.permutation(sentiment[at])
    return Told.of(world, replace(world.panel, sentiment=sentiment, channels=CHANNELS))


def wandering(told: Told) -> Figure:
    """What an ordinary customer felt and said, and how much observations differ the more weeks lie between."""
    figure, (left, right) = blank(3.1, [3, 2])
    observations, world, process = told.prepared.observations, told.world, told.detector.company_.process
    n_observations = np.bincount(observations.customer, minlength=len(world.mood))
    special = np.isin(np.arange(n_observations.size), [*world.planted, *world.decoys])
    row = int(np.argmax(np.ptp(world.mood, axis=1) * (n_observations > 90) * (n_observations < 120) * ~special))
    own = observations[observations.customer == row]
    left.plot((world.mood[row] - world.mood.mean()) / world.mood.std(), color=INK, label="satisfaction, never seen")
    left.plot(own.week, own.y, "o", color=SAID, ms=3.2, alpha=0.75, label="what was said")
    left.set(title="One ordinary customer", xlabel="week", ylabel="standard deviations of satisfaction", ylim=(-5, 6))
    left.legend(loc="upper left", ncols=2, borderaxespad=0.1)
    total, pairs = np.zeros((2, LAGS))
    for customer in range(n_observations.size):
        own = observations[observations.customer == customer]
        y, noise, week = own.y - own.expected, own.noise, own.week
        i, j = np.triu_indices(y.size, 1)
        i, j = (side[week[j] - week[i] < LAGS] for side in (i, j))  # within a customer observations are ordered by week
        weight = 1 / (noise[i] * noise[j] * max(y.size, 1))
        apart = ((y[i] - y[j]) ** 2 - process.trust * (noise[i] + noise[j])) / 2
        total += np.bincount(week[j] - week[i], weight * apart, minlength=LAGS)
        pairs += np.bincount(week[j] - week[i], weight, minlength=LAGS)
    lag = np.arange(LAGS)
    right.plot(lag, total / pairs, "o", color=SAID, ms=3.2)
    right.plot(lag, process.week * (lag > 0) + process.wander * (1 - process.persistence**lag), color=INK)
    right.set(title="Two observations of one customer", xlabel="weeks between them", ylim=(-0.05, None))
    right.set_ylabel("half the squared difference,\nnoise of items off")
    print(f"wandering: {process}; customer {row}, {own.y.size} observations")
    return figure


def channels(told: Told) -> Figure:
    """What an item of each channel tells, and how much it counts."""
    figure, (left, right) = blank(3.1, [3, 2])
    company, weights = told.detector.company_, []
    for name, colour in zip(CHANNELS, CHANNEL_COLOURS, strict=True):
        curves = company.channel_reliability.curves[name]
        middle, noise = curves[len(curves) // 2], np.mean([curve.noise for curve in curves])
        left.plot(middle.x, np.array(middle.y) / (1 + middle.noise), color=colour, lw=2, label=name)
        weights.append(1 / (company.process.trust * noise + company.process.week + company.process.wander))
        print(f"channels: {name}, noise {noise:.2f}, weight {weights[-1] / weights[0]:.2f} of a {CHANNELS[0]}'s")
    left.axhline(0, color=QUIET, lw=0.6)
    left.set(title="What one item lets expect", xlabel="its sentiment", ylabel="satisfaction, in standard deviations")
    left.legend()
    right.barh(CHANNELS, np.array(weights) / max(weights), color=CHANNEL_COLOURS)
    right.invert_yaxis()
    right.set(title="How much it counts", xlabel="the surest channel is 1")
    return figure


def customer(told: Told, row: int) -> Figure:
    """What was said beside what was to be expected, and the metric."""
    figure = Figure(figsize=(8, 4.4))
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[3, 2])
    i, end = told.entry(row), len(told.panel.weeks)
    start, kpi = end - int(told.found.onset[i]), told.panel.kpis[int(told.found.kpi[i])]
    line(above, told.evidence(i, "expected"), QUIET, "--", "expected, with its 95 % interval")
    week, value, *ends = told.evidence(i, "sentiment")
    above.errorbar(week, value, np.abs(ends - value), fmt="o", color=SAID, ms=3.5, lw=0.7, label="said in a week")
    above.set(title="What is said", ylabel="sentiment", xlim=(end - SHOWN - 1, end))
    above.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, borderaxespad=0)
    above.text(start, -0.98, "likeliest start")
    line(below, told.evidence(i, "kpi"), METRIC, "-")
    below.axhline(kpi.target, color=INK, lw=1, ls=DASHED)
    below.text(end - SHOWN - 0.5, kpi.target, "target", va="bottom")
    below.set(title=kpi.label, xlabel="week", ylabel=kpi.unit)
    for axes in (above, below):
        axes.axvline(start - 0.5, color=INK, lw=1.3)
    of = {name: getattr(told.found, name)[i] for name in ("kind", "score", "n_items_before", "n_items", "p_value")}
    print(f"customer: {told.found.subject[i]}, {of}, planted in week {told.world.planted[row].onset}, found {start}")
    return figure


def hypotheses(told: Told, rows: dict[str, int]) -> Figure:
    """Posterior weights of the hypotheses for some customers."""
    figure = Figure(figsize=(8, 3.4))
    names, priors = [hypothesis.name for hypothesis in HYPOTHESES], told.detector.company_.priors
    for axes, (title, row) in zip(figure.subplots(1, len(rows), sharey=True), rows.items(), strict=True):
        weights = told.found.posterior[told.entry(row)]
        axes.barh(names, weights, color=np.where(IS_CONTRADICTION, METRIC, SAID), height=0.65)
        axes.plot(priors, names, "|", color=INK, ms=9, mew=1.6)
        axes.set(title=title, xlabel="weight", xlim=(0, 1.02), xticks=[0, 0.5, 1])
        print(f"hypotheses: {title}: {weights.round(3)}, contradictions {weights[IS_CONTRADICTION].sum():.3f}")
    axes.invert_yaxis()
    return figure


def surest(told: Told) -> Figure:
    """Today's scores beside calm history, and the list that is surfaced."""
    figure, (left, right) = blank(3.3, [1, 1])
    found, promise = told.found, told.detector.false_discovery_rate
    own = np.flatnonzero(found.customer >= 0)
    score, q, out = found.score[own], found.q_value[own], found.is_surfaced[own]
    planted = np.isin(found.customer[own], list(told.world.planted))
    bins, past = np.arange(-7, 5.01, 0.5), told.detector.null_log_odds_ / np.log(10)
    left.hist(past, bins, weights=np.full(past.size, score.size / past.size), color=PALE, label="calm history")
    left.hist(score, bins, histtype="step", color=SAID, lw=1.4, label="today")
    left.plot(score[out], np.full(out.sum(), 0.55), "v", color=METRIC, ms=6, label="surfaced")
    left.set(title="Customers by score", xlabel="log10 of a contradiction's odds", ylabel="customers", yscale="log")
    left.legend()
    first = np.argsort(-score)[:40]
    rank, is_true = np.arange(1, first.size + 1), planted[first]
    right.plot(rank, q[first], color=QUIET, lw=1)
    right.plot(rank[is_true], q[first][is_true], "o", color=METRIC, ms=5, label="planted")
    right.plot(rank[~is_true], q[first][~is_true], "o", mfc="white", mec=METRIC, ms=5, label="not planted")
    right.axhline(promise, color=INK, lw=1, ls=DASHED)
    right.text(40, promise, "the promise", ha="right", va="bottom")
    right.set(title="The list, surest first", xlabel="length of the list", ylabel="expected share of false ones")
    right.legend()
    of = {"judged": own, "past": past, "promised": q[q <= promise], "surfaced": score[out]}
    of |= {"right": score[out & planted], "right of the first 40": rank[is_true], "planted": score[planted]}
    print("surest:", {name: len(those) for name, those in of.items()})
    return figure


def region(told: Told) -> Figure:
    """A region of which a part fell: its mood and metric by week, and its members' steps beside everybody else's."""
    figure = Figure(figsize=(8, 3.8))
    above, right, below = figure.subplot_mosaic("ac;bc", width_ratios=[3, 2], height_ratios=[3, 2]).values()
    moved, found, end = told.world.together, told.found, len(told.panel.weeks)
    name = told.panel.groups[0][moved.region]
    i = int(np.flatnonzero((found.level == "region") & (found.subject == name) & found.is_surfaced)[0])
    start, kpi = end - int(found.onset[i]), told.panel.kpis[int(found.kpi[i])]
    line(above, told.evidence(i, "expected"), QUIET, "--")
    line(above, told.evidence(i, "sentiment"), SAID, "-")
    line(below, told.evidence(i, "kpi"), METRIC, "-")
    above.set(title=f"What is said in region {name}", ylabel="sentiment")
    below.set(title=kpi.label, xlabel="week", ylabel=kpi.unit)
    for axes in (above, below):
        axes.axvline(start - 0.5, color=INK, lw=1.3)
        axes.set_xlim(end - SHOWN - 1, end)
    steps, at = told.prepared.contrasts.steps, ONSETS.index(Onset(end - start))
    members, heard = np.isin(np.arange(len(steps.size)), found.members[i]), steps.se[:, at] < 1
    step, bins = steps.residual[:, at], np.arange(-3, 3.01, 0.4)
    right.hist(step[heard & ~members], bins, density=True, color=PALE, label="everybody else")
    right.hist(step[heard & members], bins, density=True, histtype="step", color=SAID, lw=1.8, label=f"region {name}")
    right.set(title="Each customer's step since then", xlabel="standard deviations of satisfaction", ylabel="density")
    right.legend(loc="upper right")
    right.set_ylim(0, 1.3 * right.get_ylim()[1])
    alone = (found.is_surfaced & np.isin(found.customer, moved.rows)).sum()
    print(f"region: {name}, {moved.rows.size} of {members.sum()} fell in week {moved.onset}, found {start};", end=" ")
    print(f"p {found.p_value[i]:.4f}; {alone} surfaced alone; all surfaced: {found.subject[found.is_surfaced]}")
    return figure


def line(axes: Axes, of: np.ndarray, colour: str, style: str, label: str | None = None) -> None:
    """A series with the band of its interval."""
    week, value, low, high = of
    axes.fill_between(week, low, high, color=colour, alpha=0.18, lw=0)
    axes.plot(week, value, color=colour, lw=1.2, ls=style, label=label)


def blank(height: float, widths: Sequence[int]) -> tuple[Figure, Sequence[Axes]]:
    figure = Figure(figsize=(8, height))
    return figure, figure.subplots(1, len(widths), width_ratios=widths)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "docs"
    with threadpool_limits(1), mpl.rc_context(LOOK):
        chat, world = with_noisy_chat(), WORLDS["linear"](3, n=1500, rate=0.6, together=60, weakly=1.0)
        fallen = Told.of(world, world.panel)
        found, judged = chat.found, chat.prepared.contrasts.is_judged(chat.detector.min_feedback_items)
        fell = int(found.customer[found.is_surfaced & (found.kind == Kind.WATERMELON) & (found.customer >= 0)][0])
        agreed = [row for row, name in chat.world.decoys.items() if name == "agreed_decline" and judged[row]]
        both = max(agreed, key=lambda row: found.posterior[chat.entry(row), 1])
        drawn = {"wandering": wandering(chat), "channels": channels(chat)}
        drawn |= {"customer": customer(chat, fell), "surest": surest(chat), "region": region(fallen)}
        drawn["hypotheses"] = hypotheses(chat, {"This customer": fell, "An agreed decline": both})
        for name, figure in drawn.items():
            figure.savefig(folder / f"method-{name}.svg", facecolor="white", metadata={"Date": None})


if __name__ == "__main__":
    main()
