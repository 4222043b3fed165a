"""Company model: what is learned of all customers together; no customer's name or number is in it."""

from dataclasses import asdict, dataclass
from typing import Any

from voc.detection.hypotheses.hypotheses import Null
from voc.detection.inputs.channel_reliability import ChannelReliability
from voc.detection.inputs.kpi_scales import Scale
from voc.detection.process.expected_sentiment import Coupling
from voc.detection.process.kpi_steps import Memory
from voc.detection.process.satisfaction_process import Process


@dataclass(frozen=True)
class Nulls:
    """Distributions of steps when nothing happened: of sentiment, of the residual that the metrics do not explain, and
    of each metric at each onset."""

    sentiment: Null
    residual: Null
    kpis: tuple[tuple[Null, ...], ...]


@dataclass(frozen=True)
class CompanyModel:
    """What the detector knows of a company.

    ``sd``: one standard deviation of satisfaction, in sentiment; ``centre``: mean sentiment of an item; ``priors``: of
    each of ``HYPOTHESES``; ``scales`` and ``memories``: of each metric.
    """

    channel_reliability: ChannelReliability
    sd: float
    centre: float
    process: Process
    scales: tuple[Scale, ...]
    memories: tuple[Memory, ...]
    coupling: Coupling
    nulls: Nulls
    priors: tuple[float, ...]

    def get_state(self) -> dict[str, Any]:
        """Values that JSON can hold."""
        return asdict(self)

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "CompanyModel":
        kpis = tuple(tuple(Null(**null) for null in of_onsets) for of_onsets in state["nulls"]["kpis"])
        return cls(
            channel_reliability=ChannelReliability.from_state(state["channel_reliability"]),
            sd=state["sd"],
            centre=state["centre"],
            process=Process(**state["process"]),
            scales=tuple(Scale(**scale) for scale in state["scales"]),
            memories=tuple(Memory(**memory) for memory in state["memories"]),
            coupling=Coupling(tuple(map(tuple, state["coupling"]["slopes"]))),
            nulls=Nulls(Null(**state["nulls"]["sentiment"]), Null(**state["nulls"]["residual"]), kpis),
            priors=tuple(state["priors"]),
        )
