"""Metrics for Prometheus. No label has a name, an id or a typed word."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 120)


class Telemetry:
    """One registry per running bot, so that tests can run several."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.exec_requests = Counter(
            "execbot_exec_requests", "Requests sent to Exec", ["path", "outcome"], registry=registry
        )
        self.exec_seconds = Histogram(
            "execbot_exec_seconds",
            "Time Exec took to answer",
            ["path"],
            registry=registry,
            buckets=SECONDS,
        )
        self.requests_left = Gauge(
            "execbot_exec_requests_left",
            "Requests left of the limit",
            ["window"],
            registry=registry,
        )
        self.acks = Histogram(
            "execbot_ack_seconds",
            "Time until Slack had its acknowledgement",
            registry=registry,
            buckets=SECONDS,
        )
        self.answers = Histogram(
            "execbot_answer_seconds",
            "Time from a payload to its answer",
            ["outcome"],
            registry=registry,
            buckets=SECONDS,
        )

    def exec_request(self, path: str, outcome: str, seconds: float) -> None:
        """Count a request to Exec; `path` is that of the endpoint, without ids."""
        self.exec_requests.labels(path, outcome).inc()
        self.exec_seconds.labels(path).observe(seconds)

    def answer(self, outcome: str, seconds: float) -> None:
        """Count an answer; `outcome` is "answered" or the kind of trouble."""
        self.answers.labels(outcome).observe(seconds)

    def exposition(self) -> bytes:
        return generate_latest(self.registry)
