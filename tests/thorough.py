"""Whether the slow versions of tests were asked for: `python3 workshop.py test --thorough`."""

import os

THOROUGH = os.environ.get("EDA_THOROUGH") == "1"
