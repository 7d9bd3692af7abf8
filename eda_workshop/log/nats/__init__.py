"""The log on NATS JetStream: one stream, one message for each event."""

OLDEST = (2, 11, 0)
"""The version of nats-server that a log needs: it sends many messages for one request."""
BATCHES = (2, 12, 0)
"""The first version that stores several messages, all or none."""
