"""What a stream must be like to hold a log: everything is kept, in order, for good."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eda_workshop.log.nats.features import Features, text_of


def shape_of(stream: str, features: Features, replicas: int) -> dict[str, Any]:
    """The configuration of a new stream. `discard` new: a full disk refuses an event, and drops none."""
    shape: dict[str, Any] = {
        "name": stream,
        "description": "An event log of eda_workshop",
        "subjects": [f"{stream}.>"],
        "retention": "limits",
        "storage": "file",
        "discard": "new",
        "max_msgs": -1,
        "max_bytes": -1,
        "max_age": 0,
        "max_msgs_per_subject": -1,
        "max_consumers": -1,
        "num_replicas": replicas,
        "deny_delete": True,
        "deny_purge": True,
        "allow_direct": True,
    }
    return shape | ({"allow_atomic": True} if features.batches else {})


def positions_shape(bucket: str, replicas: int) -> dict[str, Any]:
    """The configuration of the key-value bucket that remembers how far each durable subscriber has come."""
    return {
        "name": f"KV_{bucket}",
        "description": "How far each durable subscriber of an event log has come",
        "subjects": [f"$KV.{bucket}.>"],
        "retention": "limits",
        "storage": "file",
        "discard": "new",
        "max_msgs_per_subject": 1,
        "num_replicas": replicas,
        "allow_rollup_hdrs": True,
        "deny_delete": True,
    }


def problem_of(stream: str, info: Mapping[str, Any], features: Features) -> str:
    """Why the stream that is there can't be a log; "" if it can."""
    config, state = info["config"], info.get("state", {})
    limits = [name for name in ("max_msgs", "max_bytes", "max_msgs_per_subject") if config.get(name, -1) > 0]
    if config.get("max_age", 0):
        limits.append("max_age")
    if config.get("retention", "limits") != "limits":
        limits.append(f"retention {config['retention']}")
    if limits:
        return f"is a stream that drops messages ({', '.join(limits)}), and a log keeps all"
    if not (config.get("deny_delete") and config.get("deny_purge")):
        return "is a stream from which messages can be deleted (deny_delete and deny_purge are not set)"
    if config.get("subjects") != [f"{stream}.>"]:
        return f"is a stream for the subjects {config.get('subjects')}, not for {stream}.>"
    if features.batches and not config.get("allow_atomic"):
        return "is a stream that takes no batches (allow_atomic is not set)"
    if state.get("messages", 0) != state.get("last_seq", 0):
        return "is a stream from which messages are missing"
    return ""


def too_few(stream: str, info: Mapping[str, Any], replicas: int) -> tuple[str, str] | None:
    """What to say of a stream that has fewer replicas than are asked for: problem and remedy; None if it hasn't."""
    have = int(info["config"].get("num_replicas", 1))
    if have >= replicas:
        return None
    problem = f"has {have} replica{'' if have == 1 else 's'} in its stream {stream}, and {replicas} are asked for"
    return problem, f"Give it more with `nats stream edit {stream} --replicas {replicas}`, or leave ?replicas out."


def lacking(features: Features, count: int) -> tuple[str, str]:
    """What to say about an append of so many events that this server can't store at once: problem and remedy."""
    if features.batches:
        problem = f"takes at most {features.most:,} events in one append, and {count:,} were given"
        return problem, "Append them in parts; nothing was appended."
    problem = f"is on nats-server {text_of(features.version)}, which can't store {count:,} events all or none"
    return problem, "Append them one by one, or run nats-server 2.12 or newer; nothing was appended."
