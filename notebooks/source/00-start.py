# %% [markdown]
# # Start here
#
# **15 minutes.** In this notebook you publish your first event, see who gets it, and find your way to the lessons.
#
# Run a cell with **Shift + Enter**; it runs and moves on to the next. To run all of them, choose
# *Run → Run All Cells*. Wait until the bar at the bottom of the window says *Python 3 (ipykernel) | Idle* before the
# first run: a cell that is started while the kernel is still waking up is lost.

# %%
# ModuleNotFoundError? Choose Kernel → Change Kernel → Python 3 (ipykernel), in the JupyterLab that the kit opened.
# %load_ext eda_workshop
from eda_workshop import Bus, CounterIds, ManualClock, open_log
from eda_workshop.widgets import PipeAndTaps

# %% [markdown]
# ## Your first event
#
# Below is a **pipe** with three **taps**. Whatever is published into the pipe comes out of every tap that is open.
# Press **Publish** and watch: a numbered disc is one event, and the same event has the same number everywhere. Then
# choose another *Event* and publish that. The line under the picture says in words what the picture shows.
#
# *No buttons? The notebook was opened without running it, or its kernel has ended: choose Run → Run All Cells.*

# %%
pipe = PipeAndTaps()
pipe

# %% [markdown]
# What a button does, a line of code does too, so you never need a mouse. A cell that calls one shows what it did.

# %%
pipe.publish("user.signed_up", {"user": "ada", "email": "ada@example.org"})

# %% [markdown]
# ## The same, without pictures
#
# The instrument above drives a real bus, and you can too. A **subscriber** is somebody who reacts; a **handler** is the
# function it reacts with; an **event** is a fact with a name and data.

# %%
bus = Bus(open_log("memory://", clock=ManualClock()), ids=CounterIds())
mailer = bus.subscriber("mailer")


@mailer.on("user.signed_up")
def welcome(event):
    print("Dear", event.data["user"] + ", welcome!")


bus.publish("user.signed_up", {"user": "ada"})

# %% [markdown]
# The last line is the **receipt**: which event it was, and who got it. And because this bus has a **log**, the event is
# still there when everybody has gone home:

# %%
for event in bus.log:
    print(event.position, event.name, dict(event.data), "recorded", event.recorded.time())

# %% [markdown]
# ## The story
#
# All lessons tell of one small service, a **drive** on which people share folders: users sign up, folders are created,
# moved and shared, and e-mails go out. Here are its first moments.

# %%
from eda_workshop.drive import stream

for event in stream(7):
    print(event.occurred.time(), f"{event.name:15}", event.subject)

# %% [markdown]
# ## Your map
#
# Each lesson asks one question, lets you try and break things, and ends with exercises, a quiz of three questions and
# what to take away. The column *After* names the lessons whose ideas it takes for granted. What a word means stands in the [glossary](glossary.md).
#
# Run the cell again when you come back from a lesson.

# %%
from eda_workshop.exercises import YourProgress, progress_map
from eda_workshop.lessons.catalogue import LESSONS

progress_map(LESSONS)

# %% [markdown]
# Your progress is kept in a file beside the notebooks, one for each user, and survives restarts. Here you can ask where to go on; make a code that says how far you are, if
# somebody shall know; and forget the progress of an exercise, or of all. Your notebooks stay as they are.

# %%
YourProgress(LESSONS)

# %% [markdown]
# ## Is everything there?
#
# This cell looks at what the lessons need, and says what to do where something is missing. `python3 workshop.py doctor` tells the same in a terminal, line by line.

# %% tags=["nbval-ignore-output", "not-in-a-browser"]
from eda_workshop.commands.doctor import in_words, look

print(in_words(look()))

# %% [markdown]
# **How exercises work.** An exercise is a cell with a gap and a line that checks it:
#
# | you write | you get |
# | --- | --- |
# | `check.late_tap(late_tap)` | not attempted, wrong (and what to look at), or right |
# | `hint.late_tap()` | the next hint |
# | `solution.late_tap()` | a solution, after you passed or when you ask twice |
#
# **After a restart.** The first cell of each section is a place to start. In a fresh kernel it replays what stands above it, tells so in a sentence, and you
# go on from there; after a change of mind, *Kernel → Restart Kernel* is a reset. That is what these lessons teach, done to themselves: the kernel's memory is
# an image, the notebook is its log. Your own answers are not replayed: run their cells again.
#
# **Without a mouse.** *Tab* walks through buttons and boxes, *Space* presses a button and opens a list, in which arrows
# choose and *Enter* takes. *Esc* leaves a cell, *Enter* goes into it. Outside boxes and lists, letters are JupyterLab's own
# commands.
#
# **Next:** [Architectures: kill a box, see what falls](01-architectures.ipynb)
