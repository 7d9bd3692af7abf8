"""Instruments, quizzes and exercises in JupyterLab, by mouse and by keyboard."""

import pytest
from lab_page import assert_says, tab_to, take_next

from eda_workshop import exercises

SOLUTION = next(each for each in exercises.every() if each.id == "late_tap").solutions[0]


@pytest.fixture
def start(lab):
    return lab.run("00-start")


@pytest.fixture
def untouched(lab):
    """Lesson 00, just opened: nothing is run, and the first cell has the focus."""
    return lab.open("00-start")


@pytest.fixture
def architectures(lab):
    return lab.run("01-architectures")


@pytest.fixture
def messages(lab):
    return lab.run("02-events-and-commands")


@pytest.fixture
def collaboration(lab):
    return lab.run("11-collaboration")


@pytest.fixture
def bus(lab):
    return lab.run("03-bus")


@pytest.fixture
def handlers(lab):
    return lab.run("04-handlers")


@pytest.fixture
def demo(lab):
    return lab.run("05-demo")


@pytest.fixture
def records(lab):
    return lab.run("06-event-log")


@pytest.fixture
def replay(lab):
    return lab.run("07-replay")


@pytest.fixture
def image(lab):
    return lab.run("08-memory-image")


@pytest.fixture
def parallel(lab):
    return lab.run("13-parallel-model")


@pytest.fixture
def temporal(lab):
    return lab.run("12-temporal-property")


@pytest.fixture
def retroactive(lab):
    return lab.run("14-retroactive-events")


def test_publish_with_the_mouse(start):
    """Publish puts one more disc on every lane, and the line under the picture counts it."""
    cell = start.cell("pipe = PipeAndTaps()")
    status, discs = start.status(cell), cell.locator(".eda-live svg circle")
    cell.get_by_role("button", name="Start over").click()
    assert_says(status, "^0 published")
    assert discs.count() == 0
    cell.get_by_label("Event", exact=True).select_option("folder.shared")
    cell.get_by_role("button", name="Publish").click()
    assert_says(status, "^1 published · 3 delivered")
    assert discs.count() == 4


def test_publish_with_the_keyboard_alone(untouched):
    """From the first cell on: run to the pipe, walk to its controls, choose and publish, and see where the focus is."""
    cell = untouched.cell("pipe = PipeAndTaps()")
    for _ in range(4):
        untouched.page.keyboard.press("Shift+Enter")
    assert_says(untouched.status(cell), "^0 published")
    untouched.page.keyboard.press("ArrowUp")
    way = tab_to(untouched, "Event")
    take_next(untouched)
    cell.get_by_label("Path").wait_for()
    way += tab_to(untouched, "Publish")
    untouched.page.keyboard.press("Space")
    assert_says(untouched.status(cell), "^1 published")
    untouched.page.keyboard.press("Enter")
    assert_says(untouched.status(cell), "^2 published · 6 delivered")
    assert cell.locator(".eda-live svg circle").count() == 8
    assert [focus["name"] for focus in way][:2] == ["From", "Event"]
    faint = [focus for focus in way if focus["outline"] < 2 or focus["contrast"] < 3]
    assert faint == []


def test_a_log_behind_the_pipe(bus):
    """The checkbox, by keyboard: what was lost comes late, and the sentence says so."""
    cell = bus.cell("outage(PipeAndTaps())")
    status = bus.status(cell)
    assert_says(status, "6 lost")
    cell.get_by_label("Log behind the pipe").focus()
    bus.page.keyboard.press("Space")
    assert_says(status, "0 lost. The log remembers.")
    bus.page.keyboard.press("Space")
    assert_says(status, "6 lost. Nothing remembers")


def test_an_exercise_from_untouched_to_right(bus):
    """The stub counts as not attempted; a solution, typed into its cell and run, is announced as right."""
    cell = bus.cell("check.late_tap")
    card = cell.locator("[role=status]")
    assert card.inner_text().startswith("… Not attempted.")
    cell.locator(".cm-content").click()
    bus.page.keyboard.press("ControlOrMeta+a")
    bus.page.keyboard.insert_text(f"{SOLUTION}\n\ncheck.late_tap(late_tap)")
    bus.page.keyboard.press("Control+Enter")
    assert_says(card, "^✓ Right.")


def test_a_taken_cell_is_announced(handlers):
    """Registering where a handler is: the library's words stand in the live region, and the picture marks the cell."""
    cell = handlers.cell("three_reactions(RegistryGrid())").first
    status = handlers.status(cell)
    assert cell.get_by_text("✗").count() == 0
    cell.get_by_role("button", name="Register").click()
    assert_says(status, r"^Refused. Subscriber 'mailer' already has a handler for user.signed_up")
    assert cell.locator(".eda-live svg text", has_text="✗").count() == 1
    cell.get_by_role("button", name="Publish").click()
    assert_says(status, "^Rule")
    assert cell.locator(".eda-live svg text", has_text="✗").count() == 0


def test_a_quiz_by_keyboard(handlers):
    """Space opens the list, arrows choose, Enter takes: each answer gets its own word, which is announced."""
    cell = handlers.cell("quiz(4)")
    cell.get_by_label("2. ").focus()
    take_next(handlers)
    right = cell.locator("[role=status]", has_text="✓ Right. A name has one meaning")
    right.wait_for()
    assert right.get_attribute("aria-live") == "polite"
    take_next(handlers)
    cell.locator("[role=status]", has_text="✗ Not this one. Two people may sign up").wait_for()


def test_slider_and_number_box_follow_each_other(demo):
    """Each slider has a labeled number box before it; either moves the other and the sentence."""
    cell = demo.cell("RequestOrPublish()").first
    sliders, box = cell.get_by_role("slider"), cell.get_by_label("Work (s)")
    assert sliders.count() == cell.get_by_role("spinbutton").count() == 3
    sliders.first.press("ArrowRight")
    demo.page.wait_for_function("box => box.value === '3.5'", arg=box.element_handle())
    box.fill("1")
    box.press("Enter")
    assert_says(demo.status(cell), r"^Callers wait 1\.1 s on request")
    assert float(sliders.first.get_attribute("aria-valuenow")) == 1


def test_a_changed_record_is_found(records):
    """Restored, the log verifies; changed again at another position, that one is named and crossed."""
    cell = records.cell("builder = LogBuilder()")
    status = records.status(cell)
    cell.get_by_role("button", name="Restore").click()
    assert_says(status, "not verified yet")
    cell.get_by_role("button", name="Verify").click()
    assert_says(status, "verify: whole")
    cell.get_by_label("Position", exact=True).fill("3")
    cell.get_by_role("button", name="Change this record").click()
    assert_says(status, "not verified yet")
    cell.get_by_role("button", name="Verify").click()
    assert_says(status, "verify: position 3")
    assert cell.locator(".eda-live svg text", has_text="✗").count() == 1


def test_the_player_by_keyboard(replay):
    """Forward and Back by Space, the position by arrow keys: picture, box and slider say the same."""
    cell = replay.cell("player = ReplayPlayer(log, Folders)")
    status, box, slider = replay.status(cell), cell.get_by_label("Position", exact=True), cell.get_by_role("slider")
    cell.get_by_role("button", name="Forward").focus()
    replay.page.keyboard.press("Space")
    assert_says(status, "^Position 13 of 30")
    cell.get_by_role("button", name="Back").focus()
    replay.page.keyboard.press("Space")
    assert_says(status, "^Position 12 of 30")
    slider.press("ArrowRight")
    assert_says(status, "^Position 13 of 30")
    replay.page.wait_for_function("box => box.value === '13'", arg=box.element_handle())


def test_the_player_plays_and_pauses(replay):
    """Play moves on by itself until it is paused; the button's word says what it would do. What passes is not read aloud."""
    cell = replay.cell("player = ReplayPlayer(log, Folders)")
    status = cell.locator("[role=status]")
    cell.get_by_role("button", name="First").click()
    assert_says(status, "^Before the first")
    cell.get_by_label("Speed").select_option("2 events/s")
    cell.get_by_role("button", name="Play").click()
    assert_says(status, "^Position [3-9] of 30")
    assert status.get_attribute("aria-live") == "off"
    cell.get_by_role("button", name="Pause").click()
    cell.get_by_role("button", name="Play").wait_for()
    assert_says(replay.status(cell), "^Paused")
    stood = status.inner_text()
    replay.page.wait_for_timeout(1_200)
    assert status.inner_text() == stood


def test_pulling_the_plug(image):
    """What is lost depends on what comes first; the controls change the story, and the line says so."""
    cell = image.cell('plug = PullThePlug(snapshots="every 4")')
    status = image.status(cell)
    assert_says(status, "0 lost")
    cell.get_by_label("First").select_option("memory first")
    assert_says(status, "acknowledged clicks lost: 1")
    cell.get_by_label("Log").focus()
    image.page.keyboard.press("Space")
    assert_says(status, "no log")


def test_the_railway_switch_by_mouse(parallel):
    """An edit is applied, another branch leaves behind it, the graph shows both; a switch behind an edit is refused."""
    cell = parallel.cell("switch.replace(2")
    status = parallel.status(cell)
    cell.get_by_role("button", name="Start over").click()
    assert_says(status, "0 differences")
    cell.get_by_role("button", name="Apply").click()
    assert_says(status, r"1 dropped and 0 made up .* 1 difference · 3 events replayed · calls to the outside: 0")
    cell.get_by_role("button", name="Branch off").click()
    cell.get_by_label("Branch graph").check()
    assert_says(status, "^2 branches of a log of 5 events")
    cell.get_by_role("button", name="Start over").click()
    assert_says(status, "^Branch at 1, 0 dropped")


def test_the_railway_switch_by_keyboard(parallel):
    """Edit, event and what is made up are taken from lists; the switch moves by arrow keys, but not behind an edit."""
    cell = parallel.cell("switch.replace(2")
    status, slider = parallel.status(cell), cell.get_by_role("slider")
    cell.get_by_role("button", name="Start over").press("Enter")
    assert_says(status, "0 differences")
    cell.get_by_label("Edit").focus()
    take_next(parallel)
    cell.get_by_role("button", name="Apply").press("Space")
    assert_says(status, "1 dropped and 1 made up · marked cargo at the end: 0 instead of 1")
    slider.press("ArrowLeft")
    assert_says(status, "^Branch at 0")
    slider.press("ArrowRight")
    assert_says(status, "^Branch at 1")
    slider.press("ArrowRight")
    assert_says(status, "^Refused. .* all up to position 2 is shared")
    box = cell.get_by_label("Switch at", exact=True)
    parallel.page.wait_for_function("box => box.value === '1'", arg=box.element_handle())


def test_the_two_times_by_keyboard(temporal):
    """Digits fill in a day, arrows move its slider, and box, slider and line say the same."""
    cell = temporal.cell('TwoTimes(actual="25 February", record="25 March")')
    status, box, slider = (
        temporal.status(cell),
        cell.get_by_label("Record", exact=True),
        cell.get_by_role("slider").last,
    )
    box.focus()
    temporal.page.keyboard.type("04252026")
    assert_says(status, "^On 25 April it was thought that on 25 February Sally earned 6400")
    slider.press("ArrowLeft")
    assert_says(status, "^On 24 April")
    temporal.page.wait_for_function("box => box.value === '2026-04-24'", arg=box.element_handle())


def test_a_letter_with_the_mouse(temporal):
    """A letter from before the newest is refused in words; a later one changes what is thought."""
    cell = temporal.cell("plane = TwoTimes()")
    status = temporal.status(cell)
    cell.get_by_role("button", name="Start over").click()
    assert_says(status, "^On 25 March it was thought that on 25 February Sally earned 6500")
    cell.get_by_label("From", exact=True).fill("2026-02-20")
    cell.get_by_label("Known on", exact=True).fill("2026-03-20")
    cell.get_by_role("button", name="Add letter").click()
    assert_says(status, "^Refused. What was known by 2026-04-05 can't be changed")
    cell.get_by_role("button", name="Remove last letter").click()
    assert_says(status, "^Done. The last letter is taken away")
    cell.get_by_role("button", name="Add letter").click()
    assert_says(status, "Sally earned 7000")


def test_the_late_letter_by_keyboard(retroactive):
    """Another event is picked from the list, its day moves by arrow keys, and Commit and Settle follow by Space."""
    cell = retroactive.cell("letter = LateLetter()")
    status, page = retroactive.status(cell), retroactive.page
    cell.get_by_role("button", name="Back to the plan").press("Space")
    assert_says(status, "Planned")
    cell.get_by_label("What turned out").select_option("came late")
    assert_says(status, "^A late event of 10 March")
    cell.get_by_role("slider").first.press("ArrowLeft")
    assert_says(status, "^A late event of 9 March")
    page.wait_for_function("box => box.value === '9'", arg=cell.get_by_label("Day of March").element_handle())
    cell.get_by_role("button", name="Commit").press("Space")
    assert_says(status, r"After \d+ steps by rewind")
    cell.get_by_role("button", name="Settle outside").press("Space")
    assert_says(status, "Outside all is settled")


def test_the_late_letter_with_the_mouse(retroactive):
    """Each strategy is taken from the list; to settle a plan is refused in words; what changes nothing, too."""
    cell = retroactive.cell("letter = LateLetter()")
    status = retroactive.status(cell)
    cell.get_by_role("button", name="Back to the plan").click()
    cell.get_by_label("What turned out").select_option("never happened")
    cell.get_by_role("button", name="Settle outside").click()
    assert_says(status, "^Refused. .* Commit first")
    cell.get_by_label("By", exact=True).select_option("rewind")
    cell.get_by_role("button", name="Commit").click()
    assert_says(status, "After 11 steps by rewind")
    cell.get_by_label("What turned out").select_option("was another amount")
    cell.get_by_label("GB", exact=True).fill("4")
    cell.get_by_label("GB", exact=True).press("Enter")
    assert_says(status, "^Refused. .* would change nothing")


def test_a_box_is_killed_with_the_mouse(architectures):
    """A click on a box takes it down, and its link can be tied otherwise; the line says what that does."""
    cell = architectures.cell('micro = KillABox("microlith")')
    status = architectures.status(cell)
    assert_says(status, r"Blast radius")
    cell.get_by_role("button", name="Start over").click()
    assert_says(status, "all of them work")
    cell.get_by_role("button", name="Kill mailer").click()
    assert_says(status, r"mailer falls; .*Blast radius 5 of 7")
    cell.get_by_role("combobox", name="Link", exact=True).select_option(label="sharing → mailer")
    cell.get_by_role("combobox", name="is a", exact=True).select_option(label="event")
    assert_says(status, r"Blast radius 4 of 7")


def test_a_box_is_killed_by_keyboard(architectures):
    """The boxes can be walked to, and turned with the space bar, there and back."""
    cell = architectures.cell('micro = KillABox("microlith")')
    status, start = architectures.status(cell), cell.get_by_role("button", name="Start over")
    start.scroll_into_view_if_needed()
    start.focus()
    architectures.page.wait_for_function("start => document.activeElement === start", arg=start.element_handle())
    architectures.page.keyboard.press("Space")
    assert_says(status, "all of them work")
    architectures.page.keyboard.press("Tab")
    assert architectures.ask("focus")
    architectures.page.keyboard.press("Space")
    assert_says(status, "client falls")
    architectures.page.keyboard.press("Space")
    assert_says(status, "all of them work")


def test_the_two_axes_by_keyboard(architectures):
    """Number boxes take keys, lists take arrows; deployment and distribution change apart."""
    cell = architectures.cell("axes = TwoAxes()")
    status = architectures.status(cell)
    cell.get_by_role("spinbutton", name="Machines", exact=True).press("ArrowUp")
    assert_says(status, r"A monolith on 4 machines: 1 unit")
    cell.get_by_role("combobox", name="Deploy as", exact=True).select_option(label="a unit each")
    assert_says(status, r"Services on 4 machines: 5 units.* restarts 1 of 5")


def test_leaving_the_house(collaboration):
    """The same outage in both styles, by a list and by number boxes."""
    cell = collaboration.cell('house = LeavingTheHouse("ask")')
    status = collaboration.status(cell)
    cell.get_by_role("button", name="Start over").click()
    assert_says(status, "By request: 23 departures, 0 blocked")
    cell.get_by_role("combobox", name="Style", exact=True).select_option(label="ask")
    box = cell.get_by_role("spinbutton", name="for (min)", exact=True)
    box.fill("40")
    box.press("Enter")
    assert_says(status, r"By request: 23 departures, 7 blocked")
    cell.get_by_role("combobox", name="Style", exact=True).select_option(label="be told")
    assert_says(status, r"By events: 23 departures, 0 blocked")


def test_the_trace_of_a_flow(collaboration):
    """Another flow, somebody who refuses, and the messages one by one."""
    cell = collaboration.cell("flow = FlowTrace")
    status = collaboration.status(cell)
    cell.get_by_role("button", name="Start over").click()
    cell.get_by_role("combobox", name="Flow", exact=True).select_option(label="orchestration")
    assert_says(status, "9 messages among 6 participants: 5 events and 4 commands")
    cell.get_by_role("combobox", name="Refuses", exact=True).select_option(label="mailer")
    assert_says(status, "14 messages among 5 participants")
    count = cell.get_by_role("spinbutton", name="Messages", exact=True)
    count.fill("3")
    count.press("Enter")
    assert_says(status, "Shown up to account.opened")
    cell.get_by_role("button", name="Start over").click()
    assert_says(status, "9 messages among 6 participants")
    cell.get_by_role("combobox", name="Flow", exact=True).select_option(label="choreography")
    assert_says(status, "5 messages among 5 participants")


def test_links_or_bus(collaboration):
    """More parts by the arrow keys, and the bus as a part that fails."""
    cell = collaboration.cell("links = LinksOrBus()")
    status = collaboration.status(cell)
    cell.get_by_role("button", name="Start over").click()
    assert_says(status, "4 parts: 12 links")
    cell.get_by_role("spinbutton", name="Parts", exact=True).press("ArrowUp")
    assert_says(status, "5 parts: 20 links if each calls each, 5 with a bus")
    cell.get_by_role("checkbox", name="The bus can fail, too").check()
    assert_says(status, r"a publisher 98\.01%")


def test_can_you_say_no(messages):
    """The same message as a command and as an event, refused or not, to one and to two."""
    cell = messages.cell('CanYouSayNo("email.send", "event", 3)')
    status = messages.status(cell)
    cell.get_by_role("button", name="Start over").click()
    assert_says(status, "^folder.create as a command to 1 receiver: 0 errors, 1 reaction")
    cell.get_by_role("checkbox", name="The first says no").check()
    assert_says(status, "1 error, 0 reactions, 1 refusal")
    cell.get_by_role("combobox", name="Send it as", exact=True).select_option(label="event")
    assert_says(status, "^folder.create as an event to 1 receiver: 0 errors, 0 reactions, 1 refusal")
    cell.get_by_role("slider").first.press("ArrowRight")
    assert_says(status, "to 2 receivers")


def test_notification_or_state(messages):
    """An outage of the source by a number box, and the other view by the list."""
    cell = messages.cell("dial = NotificationOrState()")
    status = messages.status(cell)
    cell.get_by_role("button", name="Start over").click()
    assert_says(status, "400 callbacks that return 360,000 B")
    box = cell.get_by_role("spinbutton", name="for (s)", exact=True)
    box.fill("10")
    box.press("Enter")
    assert_says(status, "40 letters fail by notification")
    cell.get_by_role("combobox", name="Show", exact=True).select_option(label="two fast updates")
    assert_says(status, "^10 → 20 → 30, 1 s apart")
