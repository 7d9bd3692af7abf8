"""Virtual time and small worlds: what happens when, computed and not waited for."""

from eda_workshop.simulate.emitters import GlobalEmitter, ListEmitter
from eda_workshop.simulate.responses import Job, Timings, run_jobs

__all__ = ["GlobalEmitter", "Job", "ListEmitter", "Timings", "run_jobs"]
