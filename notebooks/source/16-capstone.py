# %% [markdown]
# # 16 · Capstone: a late letter goes through all of it
#
# **Question.** You know the parts. Can you build a system of them that a late letter doesn't break?
#
# **82 minutes**, 50 of them exercises. Alone, take the parts one after the other. A team of three takes a role each, *desk*, *shelf* or *post*, and needs half of
# the time. Afterwards you can
#
# - cut a small business into facts, decisions, a state, a read side and a world outside, and say why each is apart;
# - write each part so that it survives twins, a second desk, the plug and another order of events;
# - put the parts of three people together, and find out which of them broke a promise;
# - take in a letter that changes the past, and say what it changed, what it did not, and what nobody can change.
#
# ## The library
#
# A lending library has one copy of each book. A reader may keep it for ten days. Who wants a book that is out reserves it, and those who wait stand in a line. When
# it comes back, the first in line gets a letter at once. Each day that it is late costs a euro; the fine goes out fourteen days after the return, so that a mistake
# can still be found. Two desks type in slips of paper. A screen in the hall shows each reader's own places in the lines.
#
# Here it is at work, made of parts that the kit brought. Events are discs, under the reader who had the book; what was due is hollow. **Predict**, before
# you press *Next slip* again and again: which slip is refused? To whom does the post write, and about what?

# %%
# ModuleNotFoundError? Choose Kernel → Change Kernel → Python 3 (ipykernel), in the JupyterLab that the kit opened.
# %load_ext eda_workshop
from eda_workshop import Conflict, Event, Rejected, backoff, retry
from eda_workshop.exercises import check, hint, quiz, solution
from eda_workshop.exercises.lesson_16.hand_in import hand_in
from eda_workshop.stories.lending import Library, library_log
from eda_workshop.stories.library import SLIPS, day
from eda_workshop.widgets import LendingLibrary

library = LendingLibrary(hand_in(globals()).parts)
library

# %% [markdown]
# Cy is refused on the 19th: Emma is in, and Grace waited longer. Ten slips have become nine facts and three notes of what the post did:

# %%
library.slips(10)

# %% [markdown]
# ## Cut it before you build it
#
# Draw it on paper first, five minutes. Which are the **facts**? Who *decides*, and about what? What must be *known* to decide, and what only to be shown? What happens
# *outside*, and can't be taken back? Then compare:
#
# | part | is | lesson | because |
# | --- | --- | --- | --- |
# | `from_slip` | facts with two times and an id | 02, 05 | slips are typed in late, and twice |
# | `lend` | the decision | 17 | two desks decide about one book; the kit brings it |
# | `wire` | who hears what | 03, 04, 08 | post and screen fail, and start again, on their own |
# | `shelf` | the state as a fold | 07 | all questions about the past are folds |
# | `on_screen` | the read side | 10 | readers ask otherwise than desks |
# | `suppose` | another past | 13 | the team asks “what if” without telling anybody |
# | `react` | the world outside | 09 | a replay must not write to anybody |
# | `take_in` | the past put right | 14 | letters come late |
# | `as_believed` | two times | 12 | “what did you know when you fined me?” |
#
# Nothing in it is bigger than a function. Nine functions, and *promises* between them: that is the architecture. You write eight of them. The desk is the kit's own: `Lending` in
# `eda_workshop.stories.lending`, a decider as in lesson 17. It decides on what counts now, so a correction that comes in between makes it decide again, too.
#
# ## Exercises: build the desk

# %% [markdown]
# exercise: from_slip

# %% [markdown]
# exercise: wire

# %% [markdown]
# ## Exercises: build the shelf

# %% [markdown]
# exercise: shelf

# %% [markdown]
# exercise: on_screen

# %% [markdown]
# exercise: suppose

# %% [markdown]
# ## Exercises: build the post

# %% [markdown]
# exercise: react

# %% [markdown]
# exercise: take_in

# %% [markdown]
# exercise: as_believed

# %% [markdown]
# ## Put it together
#
# The next cell makes a library of what you have. Parts that are missing or not right yet are the kit's, so that it always runs; run it again whenever you have another.

# %%
handed = hand_in(globals())
handed

# %% [markdown]
# Now the letter. Ten slips, and on 21 March Ada writes. **Predict:** how many letters go out because of it? Where in the log does Edith's card stand, and where in
# the line? And what does the screen show, which hears the log in its order?

# %%
ours = LendingLibrary(handed.parts)
ours.slips(10)
ours.letter()
ours

# %% [markdown]
# Two letters went out: a word of regret to Grace, and to Edith what she has waited for. Alan's was right and nobody sent it again. The fine is down to a euro, and Ada never saw the other one,
# for it *waited*. Disc 8 has a second ring where it counts now; where it was recorded there is a cross.
#
# And the screen is wrong! It folds what it hears, in the order in which it hears it: for that order Edith came last. It agrees again when it is made anew, from what counts. **Predict:** and
# if then the plug is pulled?

# %%
print(ours.rebuild())
ours.pull_the_plug()

# %% [markdown]
# No letter twice, the line as it should be, the fine still waiting: all that the *state* and the *post* know stands in the log. But the screen begins with the log's order again. Whoever
# shows events should hear corrections as well; how would you mend it? (One way: when an `event.corrected`, an `event.rejected` or a late event comes by, fold `log.effective()`.)
#
# ## What was known, and what if
#
# Two more questions that somebody will ask. The state answers both, without anybody having prepared for it.

# %%
running = Library(handed.parts, library_log())
for slip in SLIPS[:10]:
    running.take(slip)
dune = handed.parts.suppose(running.timeline).value_of("book/dune")
print("had Bob kept Dune:   ", dune.holder, "| late", dune.late, "| line", dune.waiting)

running.until(day(21))
running.letter()
thought, so = handed.parts.as_believed(running.history, "book/emma", day(13))
print("believed on 13 March:", thought.holder or "in", "| late", thought.late, "| line", thought.waiting)
print("so on 13 March:      ", so.holder or "in", "| late", so.late, "| line", so.waiting)

# %% [markdown]
# ## Break it
#
# A system is as good as the promises between its parts. Put in a desk that doesn't look: it records what is on the slip. **Predict:** which part will tell you?

# %%
def hasty(history, event):
    history.log.append(event)

LendingLibrary(handed.with_part(lend=hasty)).slips(11)

# %% [markdown]
# None. Two readers have one book, Grace was told that it waits for her, and everything runs. A broken promise is rarely an error message: it is a wrong letter, weeks later. That is why
# each part is checked alone, and why this lesson's checks were so picky. Here is another, **predict** again: a clerk who takes Edith's card for a new slip, and types it in as of today.

# %%
def clerk(history):
    history.correct("slip-8", occurred=day(12)).commit().settle()
    card = {"title": "emma", "reader": "edith"}
    history.log.append(Event("book.reserved", card, subject="book/emma", id="slip-12", occurred=day(21)))

mistaken = LendingLibrary(handed.with_part(take_in=clerk))
mistaken.slips(10)
mistaken.letter()

# %% [markdown]
# No error again, and Edith is third. The event is true, and says the wrong time. When it *occurred* is the one thing about a fact that nobody can work out afterwards.
#
# ## What nobody can put right
#
# Now Grace is quicker than the mail: slip 11 comes first, she fetches Emma on the 22nd, and then the letter is read. **Predict:** what is wrong at the end? The state, the fine, or a message?

# %%
late = LendingLibrary(handed.parts)
late.slips(11)
late.letter()

# %% [markdown]
# The message to Edith. It is the one that she *should have got*, and the book is in Grace's bag. Fowler names three realities; here the **corrected reality** can't become the **correct branch**, because
# somebody has acted on the wrong one. No strategy mends that. A person writes to Edith, and that letter is a new fact: a **compensation**.
#
# ## Somewhere else
#
# It ran on a log in memory. **Predict:** which of your parts must change, so that it runs on a server, or in a file that two desks share?
# And then the *server* is killed, while the library's program knows nothing of it. Without a server there is nothing to kill; then you see what came of it elsewhere.

# %%
from eda_workshop.servers import a_place

place = a_place()
address = place.fresh("library")
there = Library(handed.parts, library_log(address))
for slip in SLIPS[:10]:
    there.take(slip)
there.until(day(21))
there.letter()
print("the same chain to the last letter:", there.log.last == running.log.last)

# %% tags=["nbval-ignore-output"]
print(place.kill_and_start("the same state: True | letters: 4 | chain: whole"))
again = Library(handed.parts, library_log(address), there.world)
print("started again, the same state:", again.history.state() == running.history.state(), "| letters:", len(again.world.received), "| chain:", again.log.verify() or "whole")

# %% [markdown]
# None of them. And the plug of a *server* is only another plug.
#
# ## Talk about it
#
# Ten minutes for the team, without a keyboard. Each question has no single answer:
#
# - Where did your parts not fit at first, and which sentence in the task would have helped?
# - The director wants to send fines at once. Which mistake can't be taken back then?
# - A reader asks to be forgotten. What do you do with a log that forgets nothing?
# - Which of the nine parts would you leave out, if the library had thirty books and one desk? Would you use a log at all?
#
# ## Quiz

# %%
quiz(16)

# %% [markdown]
# ## Take away
#
# - Facts, decisions, state, read side, outside: keep them apart, and each is a function that can be checked alone.
# - The promises between the parts are what breaks. Twins, a second desk, another order, the plug: test each part with all four.
# - A late letter is one more record. The state follows by itself; the world outside has to be told, and the read side must fold what counts.
# - What somebody has done because of a wrong past, no log takes back.
#
# **Next:** back to the [map](00-start.ipynb), or to a system of your own · Words: [glossary](glossary.md)
