"""Virtual time: request against publish."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eda_workshop.simulate import run_jobs


def test_a_single_caller_waits_for_base_and_work():
    """With nobody before it, a request takes its own part and the work; a publish only its own part."""
    assert run_jobs(publish=False, jobs=1, work=3, base=0.1).mean_response == 3.1
    assert run_jobs(publish=True, jobs=1, work=3, base=0.1).mean_response == 0.1


def test_callers_on_request_wait_for_those_before_them():
    """A caller that comes every 2 s while the work takes 3 s waits 1 s longer than the one before."""
    waits = [job.response for job in run_jobs(publish=False, jobs=3, every=2, work=3, base=0.1).jobs]
    assert waits == pytest.approx([3.1, 4.1, 5.1])


def test_the_queue_stays_empty_when_callers_are_slower_than_the_worker():
    """No more than one job is unfinished if each is done before the next comes."""
    assert run_jobs(publish=True, jobs=5, every=4, work=3).deepest == 1


def test_no_work_at_all():
    """Jobs that take no time are done when they arrive."""
    timings = run_jobs(publish=True, jobs=3, every=1, work=0, base=0)
    assert [job.done for job in timings.jobs] == [0, 1, 2]
    assert timings.depth[-1][1] == 0


@given(
    jobs=st.integers(1, 8),
    every=st.floats(0.5, 5).map(lambda x: round(x, 1)),
    work=st.floats(0, 5).map(lambda x: round(x, 1)),
)
def test_publishing_moves_the_work_and_saves_none(jobs, every, work):
    """The worker is done at the same moment in both ways, and a publisher never waits longer than a requester."""
    request = run_jobs(publish=False, jobs=jobs, every=every, work=work)
    publish = run_jobs(publish=True, jobs=jobs, every=every, work=work)
    assert publish.end == request.end
    assert all(one.response <= two.response for one, two in zip(publish.jobs, request.jobs, strict=True))
    assert request.depth[-1][1] == publish.depth[-1][1] == 0
