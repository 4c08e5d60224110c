"""Metrics for Prometheus. No label has a name, an id or a typed word."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Gauge, Histogram

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 120)


class Telemetry:
    """One registry per running bot, so that tests can run several.

    A `path` is that of an endpoint, without ids; an `outcome` is "answered" or the kind of trouble.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.exec_seconds = self._histogram("exec", "Time Exec took to answer", "path", "outcome")
        self.acks = self._histogram("ack", "Time until Slack had its acknowledgment")
        self.answers = self._histogram("answer", "Time from a payload to its answer", "outcome")
        self.requests_left = Gauge(
            "execbot_exec_requests_left",
            "Requests left of the limit",
            ["window"],
            registry=self.registry,
        )

    def observe_exec(self, path: str, outcome: str, seconds: float) -> None:
        """Count one request to Exec."""
        self.exec_seconds.labels(path, outcome).observe(seconds)

    def _histogram(self, name: str, counts: str, *labels: str) -> Histogram:
        return Histogram(
            f"execbot_{name}_seconds", counts, labels, registry=self.registry, buckets=SECONDS
        )
