"""Company: what is learned of all customers together; no customer's name or number is in it."""

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
    """Steps when nothing happened: of all that was said, of what the metrics leave of it, and of each metric, a tuple
    over starts."""

    sentiment: Null
    residual: Null
    kpis: tuple[tuple[Null, ...], ...]


@dataclass(frozen=True)
class Company:
    """``sd``: one standard deviation of satisfaction in sentiment; ``centre``: sentiment of the average item;
    ``shares``: of each story. The rest says its own name."""

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
    def from_state(cls, state: dict[str, Any]) -> "Company":
        of_metrics = tuple(tuple(Null(**null) for null in of) for of in state["nulls"]["kpis"])
        return cls(
            channel_reliability=ChannelReliability.from_state(state["channel_reliability"]),
            sd=state["sd"],
            centre=state["centre"],
            process=Process(**state["process"]),
            scales=tuple(Scale(**scale) for scale in state["scales"]),
            memories=tuple(Memory(**memory) for memory in state["memories"]),
            coupling=Coupling(tuple(map(tuple, state["coupling"]["slopes"]))),
            nulls=Nulls(Null(**state["nulls"]["sentiment"]), Null(**state["nulls"]["residual"]), of_metrics),
            priors=tuple(state["priors"]),
        )
