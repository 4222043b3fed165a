"""A made-up company with planted contradictions, from one seed."""

from voc.demo.write import Planted, Truth, write

__all__ = ["Planted", "Truth", "write"]
