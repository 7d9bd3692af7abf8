"""Servers on this machine for a while: found, started on loopback, killed, brought back and stopped."""

from eda_workshop.servers.nats import NatsServer, find_nats_server
from eda_workshop.servers.place import Place, a_place

__all__ = ["NatsServer", "Place", "a_place", "find_nats_server"]
