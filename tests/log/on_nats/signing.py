"""What `nsc` does, in a few lines: an operator, an account and its users, signed by one another."""

from __future__ import annotations

import base64
import json
import os
import time
from pathlib import Path
from typing import Any

import nkeys

from eda_workshop.servers import NatsServer

ALL = (
    "subs",
    "data",
    "payload",
    "imports",
    "exports",
    "conn",
    "leaf",
    "mem_storage",
    "disk_storage",
    "streams",
    "consumer",
)


class Key:
    """A key pair of a kind: an operator's, an account's, a user's."""

    def __init__(self, kind: int) -> None:
        self.seed: str = nkeys.encode_seed(os.urandom(32), kind).decode()
        self._pair = nkeys.from_seed(bytearray(self.seed.encode()))
        self.public: str = self._pair.public_key.decode()

    def signed(self, subject: Key, claims: dict[str, Any]) -> str:
        """A JWT in which this key says something of another."""
        now = int(time.time())
        body = {"jti": str(now), "iat": now, "iss": self.public, "sub": subject.public, "nats": claims | {"version": 2}}
        text = ".".join(_encoded(json.dumps(each).encode()) for each in ({"typ": "JWT", "alg": "ed25519-nkey"}, body))
        return f"{text}.{_encoded(self._pair.sign(text.encode()))}"


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Signed(NatsServer):
    """A server that takes only users whom its account has signed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, durable=False)
        self.operator, self.account = Key(nkeys.PREFIX_BYTE_OPERATOR), Key(nkeys.PREFIX_BYTE_ACCOUNT)
        self.system = Key(nkeys.PREFIX_BYTE_ACCOUNT)
        # Signed once, for a server that reads its settings again takes no other operator, nor this one a second later.
        self.trusted = self.operator.signed(self.operator, {"type": "operator"})
        self.revoked: dict[str, int] = {}

    def authorization(self) -> str:
        """The operator's signatures say who may connect."""
        return ""

    def settings(self) -> str:
        """With the operator, the account and its limits, and who is taken no more."""
        limits = dict.fromkeys(ALL, -1) | {"wildcards": True}
        account = {"type": "account", "limits": limits, "revocations": self.revoked}
        known = [(self.account, account), (self.system, {"type": "account"})]
        preload = "\n".join(f"  {key.public}: {self.operator.signed(key, claims)}" for key, claims in known)
        return (
            f"{super().settings()}operator: {self.trusted}\n"
            f"system_account: {self.system.public}\nresolver: MEMORY\nresolver_preload {{\n{preload}\n}}\n"
        )

    def credentials(self, file: Path, user: Key) -> str:
        """Write the file of a user's credentials; return its text."""
        claims = {"type": "user", "subs": -1, "data": -1, "payload": -1, "pub": {}, "sub": {}}
        text = (
            f"-----BEGIN NATS USER JWT-----\n{self.account.signed(user, claims)}\n------END NATS USER JWT------\n\n"
            f"-----BEGIN USER NKEY SEED-----\n{user.seed}\n------END USER NKEY SEED------\n"
        )
        file.write_text(text)
        return text


def a_user() -> Key:
    """The key of a new user."""
    return Key(nkeys.PREFIX_BYTE_USER)
