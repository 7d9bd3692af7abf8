"""The contrast: a late subscriber has missed what was, a pattern crosses dots, two subscriptions hear twice."""

from __future__ import annotations

import pytest

from eda_workshop import NoServer
from eda_workshop.servers.redis import find_redis_server
from eda_workshop.stories.redis import PROFILE, SIGN_UP, listen_to_redis


@pytest.mark.skipif(find_redis_server() is None, reason="the contrast is optional: no redis-server was found")
def test_redis_keeps_nothing() -> None:
    """What Redis really does, on a server of its own."""
    heard = listen_to_redis()
    assert heard.early == (SIGN_UP, SIGN_UP)
    assert heard.late == (SIGN_UP,)
    assert heard.pattern == (SIGN_UP, SIGN_UP, PROFILE)
    assert sorted(heard.twice) == sorted((SIGN_UP,) * 4 + (PROFILE,))
    assert str(heard).endswith("early: 2; the channel, late: 1; the pattern user.*: 3; channel and pattern: 5.")


def test_without_a_server_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lesson goes on without."""
    monkeypatch.setenv("EDA_REDIS_SERVER", "")
    with pytest.raises(NoServer, match="optional"):
        listen_to_redis()
