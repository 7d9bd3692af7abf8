"""``python -m eda_workshop`` is the same as the command ``eda-workshop``."""

import sys

from eda_workshop.cli import main

sys.exit(main())
