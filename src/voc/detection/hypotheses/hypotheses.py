"""Hypotheses: what may have happened to a customer, and how well each explains feedback and metrics together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, ndtr
from scipy.stats import t as student

from voc.detection.process.effect_sizes import KPI_JUMP, KPI_MOVE, SENTIMENT_FALL, EffectSize
from voc.detection.process.gls import SentimentSteps
from voc.detection.process.kpi_steps import KpiSteps
from voc.domain.kinds import Kind

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Null:
    """How a step is distributed when nothing happened: Student t with ``freedom`` degrees, ``scale`` times its
    standard error."""

    scale: float = 1.0
    freedom: float = 100.0


FREEDOMS = (3.0, 4.0, 5.0, 7.0, 10.0, 15.0, 30.0, 100.0)
"""Degrees of freedom that a null may have."""
REACT_ODDS = 0.7
"""Choice: odds of each metric to be among those that moved with sentiment; mostly most of them do."""
ALONE_ODDS = 0.15
"""Choice: the same where sentiment did not move; mostly one metric does."""
MAX_LOG_RATIO = 600.0
"""Log likelihood ratios of single steps are limited to it, so that their exponentials do not overflow. It is beyond any
that is met: twelve standard deviations with an error of a twentieth under the thinnest null."""
LEAST_LOG_RATIO = -300.0
"""Less is not told apart from it, so that no hypothesis has a weight of exactly 0."""
TINIEST = 1e-300
"""Probabilities below it are not told apart."""
LEAST_ERROR = 1e-3
"""Standard deviations below which errors are not told apart, so that nothing is divided by 0."""
REAL_SPREAD = 5.0
"""Choice: spread of steps that were real, in spreads of the null."""
REAL_SHARES = (0.001, 0.005, 0.01, 0.02, 0.04)
"""Choice: parts of past steps that may have been real."""


@dataclass(frozen=True)
class Hypothesis:
    """Its name in words, its prior probability, and the kind of contradiction it is, None for a harmless one."""

    name: str
    prior: float
    kind: Kind | None = None


HYPOTHESES = (
    Hypothesis("nothing happened", 0.804),
    Hypothesis("both fell", 0.06),
    Hypothesis("both rose", 0.05),
    Hypothesis("both fell, one after the other", 0.016),
    Hypothesis("only the customer rose", 0.012),
    Hypothesis("only metrics rose", 0.016),
    Hypothesis("only the customer fell", 0.03, Kind.WATERMELON),
    Hypothesis("only metrics fell", 0.012, Kind.SILENT_RISK),
    Hypothesis("metrics fell, the customer rose", 0.001, Kind.SILENT_RISK),
    Hypothesis("a metric jumped up, the customer fell", 0.006, Kind.GAMED_METRIC),
    Hypothesis("the customer fell at one touchpoint", 0.001, Kind.SPLIT_BY_TOUCHPOINT),
)
"""Priors of harmless hypotheses are only where the learning of a company's own begins. Those of contradictions stay,
except for one common factor (`priors`): contradictions are too few and faint to be counted kind by kind. Learned, they
came out at a third of what was planted of one kind and at twice of another. Larger priors surface more and promise
less. In four test worlds of four seeds, before the tests of single items and rivals, with .012 (the others .004), .024,
.030, .040 and .050 of watermelons: 4, 9, 11, 14 and 19 false of 127, 168, 177, 192 and 204 surfaced; watermelons among
them 8, 25, 33, 42 and 49. With .006 and .012 of fallen metrics 22 and 54 silent risks were found in those worlds, and
19 of 198 and 20 of 225 surfaced customers were false."""
ALL_KINDS = tuple(Kind)
IS_CONTRADICTION = np.array([hypothesis.kind is not None for hypothesis in HYPOTHESES])
OF_KIND = np.array([[hypothesis.kind is kind for hypothesis in HYPOTHESES] for kind in ALL_KINDS])
"""Which hypotheses are of which kind, shape (4, S)."""


@dataclass(frozen=True)
class SentimentRatios:
    """Log likelihood ratios of steps of sentiment against no step beyond what the metrics explain, each (N, O).

    ``fell``, ``rose``: steps of sentiment itself; ``stayed``: no step of it; ``fell_beyond``, ``rose_beyond``: steps
    beyond what the metrics explain.
    """

    fell: Floats
    rose: Floats
    stayed: Floats
    fell_beyond: Floats
    rose_beyond: Floats


@dataclass(frozen=True)
class KpiRatios:
    """Log likelihood ratios of each metric's step down, up and implausibly up against none, each (N, K, O)."""

    down: Floats
    up: Floats
    jump: Floats


def sentiment_ratios(steps: SentimentSteps, sentiment_null: Null, residual_null: Null) -> SentimentRatios:
    """The nulls are of steps of sentiment itself, and of the residual that the metrics do not explain."""
    nothing = log_t(steps.residual, steps.se, residual_null)
    return SentimentRatios(
        fell=effect_log_ratio(steps.size, steps.se, sentiment_null, -1, SENTIMENT_FALL, nothing),
        rose=effect_log_ratio(steps.size, steps.se, sentiment_null, 1, SENTIMENT_FALL, nothing),
        stayed=_finite(log_t(steps.size, steps.se, sentiment_null) - nothing),
        fell_beyond=effect_log_ratio(steps.residual, steps.se, residual_null, -1, SENTIMENT_FALL, nothing),
        rose_beyond=effect_log_ratio(steps.residual, steps.se, residual_null, 1, SENTIMENT_FALL, nothing),
    )


def kpi_ratios(kpi_steps: Sequence[KpiSteps], nulls: Sequence[Sequence[Null]], shape: tuple[int, int]) -> KpiRatios:
    """kpi_steps: of each metric; nulls: of each metric and onset; shape: (N, O).

    A metric moved only if its readings did, however wide its null is.
    """
    down, up, jump = np.zeros((3, shape[0], len(kpi_steps), shape[1]))
    for k, (steps, of_onsets) in enumerate(zip(kpi_steps, nulls, strict=True)):
        scale = np.array([null.scale for null in of_onsets])
        se, noise = scale * steps.se, scale * steps.noise
        null = Null(1.0, of_onsets[0].freedom)
        nothing = log_t(steps.size, se, null)
        for ratios, sign, size in ((down, -1, KPI_MOVE), (up, 1, KPI_MOVE), (jump, 1, KPI_JUMP)):
            ratios[:, k] = effect_log_ratio(steps.size, se, null, sign, size, nothing, noise)
    return KpiRatios(down, up, jump)


def log_likelihood_ratios(sentiment: SentimentRatios, kpis: KpiRatios, split: Floats) -> Floats:
    """Log likelihood ratio of every hypothesis at every onset against "nothing happened", shape (N, S, O).

    split: of a fall at one touchpoint only, (N, O). Each metric moves or not independently of the others, with
    ``REACT_ODDS`` where sentiment moves too and with ``ALONE_ODDS`` where it does not.
    """
    down, alone_down = any_kpi_log_ratio(kpis.down, REACT_ODDS), any_kpi_log_ratio(kpis.down, ALONE_ODDS)
    up, jump = any_kpi_log_ratio(kpis.up, REACT_ODDS), any_kpi_log_ratio(kpis.jump, ALONE_ODDS)
    apart = log_mean(sentiment.fell)[:, None] + log_mean(down)[:, None] + np.zeros_like(sentiment.fell)
    ratios = {
        "nothing happened": np.zeros_like(sentiment.fell),
        "both fell": sentiment.fell + down,
        "both rose": sentiment.rose + up,
        "both fell, one after the other": apart,
        "only the customer rose": sentiment.rose_beyond,
        "only metrics rose": sentiment.stayed + up,
        "only the customer fell": sentiment.fell_beyond,
        "only metrics fell": sentiment.stayed + alone_down,
        "metrics fell, the customer rose": sentiment.rose + alone_down,
        "a metric jumped up, the customer fell": sentiment.fell + jump,
        "the customer fell at one touchpoint": split,
    }
    return np.stack([ratios[hypothesis.name] for hypothesis in HYPOTHESES], axis=1)


def learn_null(z: Floats) -> Null:
    """The Student t that fits past steps best, in a mixture with a few real ones. z: steps over their standard errors.

    The scale is set by the ninth decile. Every history holds some real steps: without a component of their own their
    tail would be taken for the null's. Efron (2004), Large-scale simultaneous hypothesis testing: the choice of a null
    hypothesis.
    """
    z = z[np.isfinite(z)]
    if z.size < 100:
        return Null()
    z = np.abs(z - np.median(z))
    decile = float(np.quantile(z, 0.9))
    best = (-np.inf, Null())
    for freedom in FREEDOMS:
        scale = max(decile / float(student.ppf(0.95, freedom)), 0.1)
        null, real = Null(scale, freedom), Null(REAL_SPREAD * scale, 100.0)
        log_null, log_real = (log_t(z, np.ones_like(z), density) for density in (null, real))
        for share in REAL_SHARES:
            fit = float(np.mean(np.logaddexp(log_null + np.log1p(-share), log_real + np.log(share))))
            best = max(best, (fit, null), key=lambda pair: pair[0])
    return best[1]


def effect_log_ratio(
    step: Floats, se: Floats, null: Null, sign: int, size: EffectSize, nothing: Floats, noise: Floats | None = None
) -> Floats:
    """Log likelihood ratio of a step of ``sign`` times a size against none, whose log density is ``nothing``.

    noise: the part of ``se`` that is the scatter of single readings, where the step must have been seen in the
    readings themselves. 0 where nothing was said or measured.
    """
    total = np.zeros_like(nothing)
    for point, weight, reach in zip(*size.points(), strict=True):
        # sizes between two points are covered by the wider scatter around each
        wider = np.sqrt(1 + (reach / (null.scale * se)) ** 2)
        log_ratio = log_t(step - sign * point, wider * se, null) - np.log(wider) - nothing
        if noise is not None:
            log_ratio += _log_seen(sign * step, point, wider * null.scale * se, noise, size.least)
        total += weight * np.exp(np.minimum(log_ratio, MAX_LOG_RATIO))
    return _finite(np.log(np.maximum(total, 1e-12)))


def _log_seen(step: Floats, point: float, se: Floats, noise: Floats, least: float) -> Floats:
    """Log of how much likelier, given a step, its readings are to have really moved by ``least`` than they are
    whenever the step is ``point``.

    A metric that wanders widely over few readings could hide any effect: held readings would be a fall that a rise of
    its own made good. Nobody who reads it would say that it fell. So what counts is effect and wandering together, of
    which the readings tell all but their ``noise`` (a normal prior and a normal observation).
    """
    wandering = np.maximum(se**2 - noise**2, LEAST_ERROR**2)
    noise = np.maximum(noise, LEAST_ERROR)
    precision = 1 / wandering + 1 / noise**2
    moved = (point / wandering + step / noise**2) / precision
    given, usual = ndtr((moved - least) * np.sqrt(precision)), ndtr((point - least) / np.sqrt(wandering))
    return np.asarray(np.log(np.maximum(given, TINIEST) / np.maximum(usual, TINIEST)))


def any_kpi_log_ratio(ratios: Floats, odds: float) -> Floats:
    """Log likelihood ratio that at least one of K metrics moved, each with ``odds``, (N, K, O) -> (N, O).

    A ratio of exactly 0 is a metric that was not measured, and takes no part: a step that nobody saw agrees with
    nothing.
    """
    log_odds_of_each = np.where(ratios != 0, np.log(odds), -np.inf)
    both = np.logaddexp(0, log_odds_of_each + ratios).sum(1)
    none = np.logaddexp(0, log_odds_of_each).sum(1)
    return np.where(none > 0, _log_expm1(both) - _log_expm1(none), 0.0)


def _log_expm1(x: Floats) -> Floats:
    """log(exp(x) − 1) without overflow; −27.6 at 0."""
    return np.asarray(x + np.log(np.maximum(-np.expm1(-x), 1e-12)), dtype=float)


def posterior(log_ratios: Floats, priors: Floats) -> Floats:
    """Posterior weight of each hypothesis, rows sum to 1, shape (N, S)."""
    log = np.maximum(log_ratios, LEAST_LOG_RATIO) + np.log(priors)
    weight = np.exp(log - log.max(1, keepdims=True))
    return np.asarray(weight / weight.sum(1, keepdims=True), dtype=float)


def log_odds(log_ratios: Floats, priors: Floats) -> Floats:
    """Natural log of the odds of any contradiction against all harmless hypotheses, shape (N,)."""
    log = np.maximum(log_ratios, LEAST_LOG_RATIO) + np.log(priors)
    yes, no = (np.logaddexp.reduce(log[:, side], axis=1) for side in (IS_CONTRADICTION, ~IS_CONTRADICTION))
    return np.asarray(yes - no, dtype=float)


def log_mean(ratios: Floats) -> Floats:
    """Log of the mean likelihood ratio over onsets, the last axis."""
    return np.asarray(np.logaddexp.reduce(ratios, axis=-1) - np.log(ratios.shape[-1]), dtype=float)


def log_t(step: Floats, se: Floats, null: Null) -> Floats:
    """Log density of a step under the null, without the term of its standard error, which all hypotheses share."""
    freedom = null.freedom
    with np.errstate(invalid="ignore", divide="ignore"):
        z = step / (se * null.scale)
    return np.asarray(_log_t_constant(freedom) - np.log(null.scale) - (freedom + 1) / 2 * np.log1p(z * z / freedom))


def _log_t_constant(freedom: float) -> float:
    return float(gammaln((freedom + 1) / 2) - gammaln(freedom / 2) - np.log(freedom) / 2)


def _finite(ratio: Floats) -> Floats:
    """Where nothing was said or measured a step is neither likely nor unlikely."""
    return np.where(np.isfinite(ratio), ratio, 0.0)
