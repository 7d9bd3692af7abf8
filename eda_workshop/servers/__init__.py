"""Servers on this machine for a while: found, started on loopback, killed, brought back and stopped."""

from eda_workshop.servers.nats import NatsServer, find_nats_server

__all__ = ["NatsServer", "find_nats_server"]
