"""What all tests share: readable failures of the shipped contract, and Hypothesis without surprises."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

pytest.register_assert_rewrite("eda_workshop.testing")

# Two loaded cores make any deadline a coin toss; a fixed order of examples makes a failure repeat.
settings.register_profile(
    "kit", deadline=None, derandomize=True, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("thorough", parent=settings.get_profile("kit"), derandomize=False, max_examples=1_000)
settings.load_profile("thorough" if os.environ.get("EDA_THOROUGH") == "1" else "kit")
