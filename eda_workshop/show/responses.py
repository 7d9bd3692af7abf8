"""The scene of request against publish: what callers wait for, what the worker does, how deep the queue gets."""

from __future__ import annotations

from dataclasses import dataclass

from eda_workshop.show import palette, svg
from eda_workshop.show.picture import WIDTH, Picture
from eda_workshop.simulate import Job, Timings

LEFT, RIGHT = 184, 856
PANEL = 176


@dataclass(frozen=True)
class ResponseState:
    """The same jobs done twice: once on request, once on publish. Times in seconds."""

    request: Timings
    publish: Timings
    work: float
    every: float


def draw_responses(state: ResponseState) -> Picture:
    """Both ways above each other on one time axis, with the sentence that compares them."""
    end = max(state.request.end, state.publish.end, 1.0)
    parts = [_axis(end)]
    parts += _panel("request", "the caller waits", state.request, 48, end)
    parts += _panel("publish", "the caller goes on", state.publish, 48 + PANEL, end)
    return Picture("".join(parts), 48 + 2 * PANEL + 8, _sentence(state))


def _x(seconds: float, end: float) -> float:
    return LEFT + (RIGHT - LEFT) * seconds / end


def _axis(end: float) -> str:
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if end / step <= 10 or step == 100)
    ticks = []
    for second in range(0, int(end) + 1, step):
        x = _x(second, end)
        ticks.append(svg.line(x, 36, x, 40 + 2 * PANEL, stroke=palette.EDGE, stroke_dasharray="1 5"))
        ticks.append(svg.text(x, 26, f"{second} s", size=12, anchor="middle"))
    return "".join(ticks)


def _panel(name: str, words: str, timings: Timings, top: float, end: float) -> list[str]:
    parts = [
        svg.rect(20, top + 4, 14, 14, rx=3, fill=palette.PUBLISHER),
        svg.text(44, top + 16, name, weight="600"),
        svg.text(44, top + 32, words, size=11.5, color=palette.MUTED),
        svg.text(44, top + 100, "worker", weight="600"),
        svg.drop(27, top + 94, palette.SUBSCRIBER),
        svg.text(44, top + 140, "unfinished", weight="600"),
        svg.text(44, top + 156, f"at most {timings.deepest}", size=11.5, color=palette.MUTED),
    ]
    rows = max(len(timings.jobs), 1)
    parts += [_wait(job, top + 2 + 72 / rows * i, min(72 / rows - 2, 12), end) for i, job in enumerate(timings.jobs)]
    parts += [_work(job, top + 84, end) for job in timings.jobs]
    parts.append(_depth(timings, top + 160, end))
    if name == "request":
        parts.append(svg.line(16, top + PANEL - 6, WIDTH - 16, top + PANEL - 6, stroke=palette.FAINT))
    return parts


def _wait(job: Job, y: float, height: float, end: float) -> str:
    """A bar from the caller's question to its answer."""
    x = _x(job.arrived, end)
    width = max(_x(job.answered, end) - x, 3)
    bar = svg.rect(x, y, width, height, rx=2, fill=palette.PUBLISHER)
    return svg.group(bar, title=f"caller {job.number} waits {job.response:g} s")


def _work(job: Job, y: float, end: float) -> str:
    x = _x(job.begun, end)
    width = max(_x(job.done, end) - x - 1, 2)
    bar = svg.rect(x, y, width, 22, rx=4, fill=palette.EVENT)
    middle = x + width / 2
    label = svg.text(middle, y + 15, str(job.number), size=11, weight="700", anchor="middle", color=palette.ON_EVENT)
    return svg.group(bar, label if width > 14 else "", title=f"job {job.number}: {job.begun:g} s to {job.done:g} s")


def _depth(timings: Timings, base: float, end: float) -> str:
    """How many jobs were unfinished, as steps over time."""
    unit = 40 / max(timings.deepest, 4)
    path, height = f"M{_x(0, end):.2f} {base:g}", base
    for at, depth in timings.depth:
        path += f" H{_x(at, end):.2f} V{base - unit * depth:.2f}"
        height = base - unit * depth
    path += f" V{height:.2f} H{_x(timings.end, end):.2f} V{base:g} Z"
    return svg.element("path", d=path, fill=palette.LOG, opacity=0.6, stroke=palette.INK, stroke_width=1)


def _sentence(state: ResponseState) -> str:
    request, publish = state.request, state.publish
    last = publish.jobs[-1].answered if publish.jobs else 0
    unfinished = "1 job is" if publish.deepest == 1 else f"{publish.deepest} jobs are"
    head = (
        f"Callers wait {request.mean_response:.1f} s on request and **{publish.mean_response:.1f} s** on publish, "
        f"on average. The work is later, not gone: up to {unfinished} unfinished"
    )
    tail = f", and the last is done {publish.end - last:.1f} s after its caller left."
    pile = " They come faster than they are done, so the queue grows." if state.work > state.every else ""
    return head + tail + pile
