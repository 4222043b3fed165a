"""Process: how satisfaction and metrics wander and step, and what metrics lead to expect of feedback."""
