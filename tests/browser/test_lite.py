"""JupyterLite, really built and served: every lesson runs in the browser alone. Slow, and it needs npm."""

import functools
import http.server
import threading

import pytest
from lab_page import PATIENCE
from thorough import THOROUGH

from eda_workshop.commands import lite
from eda_workshop.commands.table import parse
from eda_workshop.lessons.catalogue import LESSONS

pytestmark = pytest.mark.skipif(not THOROUGH, reason="builds JupyterLite: run with --thorough")

READY = """() => [...window.jupyterapp?.shell.widgets("main") ?? []].some(
    (shown) => shown.content?.widgets?.length && shown.sessionContext?.session?.kernel?.status === "idle")"""
# One by one, as a reader does: Run All stops at the first error, and some are meant.
RUN = """async () => {
    const lesson = [...jupyterapp.shell.widgets("main")].find((shown) => shown.content?.widgets);
    const failed = [];
    for (const [index, cell] of lesson.content.widgets.entries()) {
        if (cell.model.type !== "code") continue;
        lesson.content.activeCellIndex = index;
        const stuck = new Promise((resolve) => setTimeout(resolve, 60000, "stuck"));
        const ended = await Promise.race([jupyterapp.commands.execute("notebook:run-cell"), stuck]);
        if (ended === "stuck") return [[cell.model.sharedModel.getSource(), ended]];
        const outputs = cell.model.outputs.toJSON();
        const errors = outputs.filter((output) => output.output_type === "error");
        const meant = (cell.model.getMetadata("tags") ?? []).includes("raises-exception");
        const replayed = outputs.some((output) => /Resumed|could not be replayed/.test(output.text ?? ""));
        if (meant !== (errors.length > 0) || replayed) failed.push([cell.model.sharedModel.getSource(), outputs]);
    }
    return failed;
}"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def origin(tmp_path_factory):
    """What the command builds, served on a free port of this machine."""
    folder = tmp_path_factory.mktemp("lite") / "site"
    assert lite.main(parse("lite", [str(folder)])) == 0
    handler = functools.partial(Quiet, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("name", [lesson.name for lesson in LESSONS])
def test_a_lesson_runs_in_the_browser_alone(browser, origin, name):
    """All cells that are not said to need more run, nothing is missed, errors are where they are meant; nobody is asked."""
    context = browser.new_context()
    outside = []
    mine = (f"{origin}/", "data:", "blob:")
    context.on("request", lambda asked: None if asked.url.startswith(mine) else outside.append(asked.url))
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{origin}/lab/index.html?path={name}.ipynb")
    page.wait_for_function(READY)
    assert page.evaluate(RUN) == []
    assert outside == []
    context.close()
