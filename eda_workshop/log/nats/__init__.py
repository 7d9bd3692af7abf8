"""The log on NATS JetStream: one stream, one message for each event."""

from eda_workshop.log.nats.engine import NatsLog

__all__ = ["NatsLog"]
