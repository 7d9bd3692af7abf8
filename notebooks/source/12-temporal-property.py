# %% [markdown]
# # 12 · Temporal property: what held, and what was known
#
# **Question.** What did Sally earn in February? That depends on whom you ask, and on *when* you asked.
#
# **65 minutes**, 28 of them exercises. Afterwards you can
#
# - tell the two times of a value apart: when it holds, and when that became known;
# - ask for any day, as it was known on any other, from a history that only grows;
# - say what a payroll should have paid, what it owes, and why nobody did anything wrong;
# - give rules a date, and avoid all this where you can.

# %%
# ModuleNotFoundError? Choose Kernel → Change Kernel → Python 3 (ipykernel), in the JupyterLab that the kit opened.
# %load_ext eda_workshop
from eda_workshop import Event, TemporalProperty, Unknown, fold
from eda_workshop.exercises import check, hint, quiz, solution
from eda_workshop.stories.payroll import Salaries, day, due, owed, payroll, sally_log, tax_rules
from eda_workshop.widgets import TwoTimes

# %% [markdown]
# ## One question, three answers
#
# The story is Martin Fowler's. Sally earns 6000. Payroll runs on the 25th of each month. On 15 March a letter says that since 15 February
# she gets 6500. On 5 April another one: sorry, 6400. **Predict:** after these three lines, what can you say about the payroll of March?

# %%
salary = {"sally": 6000}  # the contract, 1 January
salary["sally"] = 6500  # the letter of 15 March
salary["sally"] = 6400  # the letter of 5 April
salary

# %% [markdown]
# Nothing. What she earned in January is gone, and so is what anybody thought in March. Yet in March somebody was paid by it.
#
# ## A value with a date
#
# A **temporal property** keeps every value with the moment from which it holds. `put` adds one, and `at` asks for a moment.
# Nothing is overwritten: each `put` gives a new property. **Predict** the five lines.

# %%
earned = TemporalProperty().put(day("1 January"), 6000).put(day("15 February"), 6400)

for when in ("31 December 2025", "1 January", "14 February", "15 February", "1 June"):
    print(f"{when:>16}: {earned.at(day(when))}")

# %% [markdown]
# Two rules to remember. Spans are **half-open**: at the first moment of 15 February the new value holds, so no moment has two
# values, and there is no gap between them. And *before the first value nothing is known*: the answer is `Unknown`, not the first value, and not 0.
# It is one object: ask `is Unknown`.
#
# ## The second time
#
# One date is not enough for Sally: that she had 6400 in February was known from 5 April on. So each value gets two:
#
# | time | says | may be | also called |
# | --- | --- | --- | --- |
# | **actual** | when it holds | amended: any day, past or future | valid, effective; in SQL *application time* |
# | **record** | when we knew | only continued: no way back | transaction; in SQL *system time* |
#
# The words are Fowler's, because learners found the others confusing. **Predict** what each payroll took February and March for.

# %%
salary = TemporalProperty()
salary = salary.put(day("1 January"), 6000, record=day("1 January"))
salary = salary.put(day("15 February"), 6500, record=day("15 March"))
salary = salary.put(day("15 February"), 6400, record=day("5 April"))

for known in ("25 February", "25 March", "25 April"):
    february, march = (salary.at(day(f"25 {month}"), record=day(known)) for month in ("February", "March"))
    print(f"as known on {known:>11}: February {february}, March {march}")

# %% [markdown]
# One month, three answers, and each was what was known on its day. The rule: of all that *was recorded by then* and *has begun by then*, what begins
# last counts; of several with the same beginning, the one recorded last. Leave `record` out, and you ask what is known now.
#
# ## From the log
#
# Where do two times come from? From events, and there you meet three. The day from which a salary holds is a value that people agreed on, so it is
# data: `from`. `occurred` says when they agreed, and `recorded` when the log learned of it. A raise that is agreed in April for July *occurred* in
# April: as `occurred`, 1 July would be an agreement that nobody has made yet. Actual time is `from`, record time is `recorded`. Fold
# them with a reducer that calls `put` (you will write it below), and the log *is* the history:

# %%
log = sally_log()
for event in log:
    print(f"agreed {event.occurred:%d %b}, recorded {event.recorded:%d %b}, from {event.data['from'][:10]} on: {event.data['amount']}")

fold(log, Salaries)["sally"] == salary

# %% [markdown]
# ## Picture it: the plane of two times
#
# To the right, what held; upwards, what was known. Each letter begins a new band, and leaves those below it alone. On the
# dashed diagonal, where both times are the same day, payroll runs: it asks about today, today. **Predict:** the cross stands at 25
# February. If you move *Record* up from January to July, which values do you pass? Then which, moving *Actual*?

# %% tags=["not-in-a-browser"]
TwoTimes(actual="25 February", record="25 March")

# %% [markdown]
# A line across is the history **as believed on one day**. A line upwards is how the belief about one day **changed**. The
# property gives both, as half-open periods:

# %%
print("on 25 March we thought:   ", *salary.history(day("25 March")))
print("about 25 February we said:", *salary.belief(day("25 February")))

# %% [markdown]
# ## Try it: a change that lies ahead
#
# To the right of the diagonal lies what is still to come. Who records only the past leaves that half empty. But on 20 April
# a raise to 7000 from 1 July on is agreed. **Predict:** asked on 21 April, what will she earn on 20 May? And on 15 July?

# %% tags=["not-in-a-browser"]
plane = TwoTimes()
plane.letter("1 July", 7000, "20 April")
print(plane.ask("20 May", "21 April"))
print(plane.ask("15 July", "21 April"))
plane

# %% [markdown]
# It is known at once, and holds when its day comes. Nobody has to remember anything on 1 July. Now add letters of your own. Make one that
# changes February again; one for a day before the contract.
#
# ## Break it: change what was known
#
# It is May, and somebody would rather have known on 1 April already. **Predict:** what should the property do?

# %% tags=["raises-exception"]
salary.put(day("1 March"), 6600, record=day("1 April"))

# %% [markdown]
# Actual history may be amended, as often as we learn more. **Record history only grows**: what we thought on 1 April is a fact of its own.
#
# ## Break it: the newest row wins
#
# A home-made version that looks simpler: of all that was known, take what was recorded last. For Sally it works. Tom's raise from July
# on was agreed in January; in April came a late word about March. **Predict:** what does Tom get in July?

# %%
tom = [(day("1 January"), day("1 January"), 5000), (day("10 January"), day("1 July"), 6000), (day("1 April"), day("1 March"), 5500)]

july = day("25 July")
newest_row = [value for known, start, value in tom if start <= july][-1]
right = TemporalProperty()
for known, start, value in tom:
    right = right.put(start, value, known)
print("newest row:", newest_row, "| temporal property:", right.at(july))

# %% [markdown]
# A late word about March says nothing about July. Two times, two orders: the log has one, and the property needs both.
#
# ## Put in, or move
#
# Two more ways of learning better. A value that held *for a while* ends where you say, and what was known goes on. And a
# change lay on *another day*: “she moved in in January”; no, it was in December. Both are only additions:

# %%
leave = salary.put(day("1 June"), 0, record=day("6 April"), until=day("1 July"))
print(*leave.history())

home = TemporalProperty().put(day("10 January"), "Elm Street", record=day("12 January"))
home = home.move(day("10 January"), to=day("20 December 2025"), record=day("1 February"))
for known in ("15 January", "15 February"):
    print(f"at New Year, as known on {known}: {home.at(day('1 January'), record=day(known))}")

# %% [markdown]
# ## What is owed
#
# A run pays what it knows. What it *should* have paid, we know later. **Predict:** after the letter of 5 April, how much is owed to Sally
# for January to March? And if the run of March had already paid February's 500 that it thought were missing?

# %%
for back_pay in (False, True):
    slips = payroll(salary, back_pay=back_pay)
    paid, should = sum(slip.paid for slip in slips), sum(due(salary))
    print(*slips)
    print(f"  paid {paid:,}, due {should:,}: owed {owed(salary, slips)}")

# %% [markdown]
# Owed below zero is too much. Note the difference: *due* follows from the history, *paid* does not. What a run paid depends on what
# it knew, and on what it did about it. That is why the next run has to look at what was **paid**, and not at what was believed.

# %% tags=["not-in-a-browser"]
TwoTimes(actual="25 March", record="10 April", back_pay=True)

# %% [markdown]
# ## Avoid it if you can
#
# Two times are a burden for everybody who asks. Fowler names ways around them:
#
# - **Refuse** changes of the past: from the first of next month on, or not at all.
# - Or let corrections come only **before** anything was done: then nobody has acted on what was wrong.
# - Or **keep with the action what it used**. A payslip with its salary on it explains itself, for ever, with one time:

# %%
for slip in payroll(salary, back_pay=True):
    data = {"salary": slip.salary, "back_pay": slip.back_pay}
    print(Event("salary.paid", data, id=f"slip-{slip.run:%m}", occurred=slip.run))

# %% [markdown]
# ## Rules have dates, too
#
# Up to February the tax is a tenth. From 1 March on, what is above 6000 is taxed with a fifth. No `if` with a date in it: the value of a
# temporal property may be a function, and each payment is taxed by the rule of **its** day, however late it is looked at.

# %%
rules = tax_rules()
for when in ("25 February", "28 February", "1 March", "25 March"):
    amount = salary.at(day(when))
    print(f"{when:>11}: {amount} is taxed with {rules.at(day(when))(amount)}")
print("in 2025:", rules.at(day("31 December 2025")))

# %% [markdown]
# The boundary belongs to the new rule, as with any value; and rules have a record time as well: parliaments, too, write late letters.
#
# ## What two times don't say
#
# They tell **values**, not **consequences**. We know that 300 are owed. Which transfers would have gone out, which tax would have been
# paid, who would have got a letter? For that the events must be handled once more, as they should have been: in a model beside the real one.
# And each who keeps books has a record time of their own: payroll learns of a letter when personnel passes it on.
#
# ## Exercises

# %% [markdown]
# exercise: believed

# %% [markdown]
# exercise: which_time

# %% [markdown]
# exercise: learned

# %% [markdown]
# exercise: extra

# %% [markdown]
# exercise: tax

# %% [markdown]
# ## Quiz

# %%
quiz(12)

# %% [markdown]
# ## Take away
#
# - **Actual** time: when it holds. **Record** time: when that became known. Keep both.
# - In an event, the day from which a value holds is data. `occurred` says when it was agreed, `recorded` when the log learned of it.
# - Actual history may be amended, record history only grows: whatever was once believed can be asked for.
# - Spans are half-open, and before the first value there is `Unknown`.
# - Due follows from what held, paid from what was known. Compare with what was *paid*.
# - Where you can, refuse changes of the past, or keep with each action what it used.
#
# **Next:** [Parallel model: what if](13-parallel-model.ipynb) · Words: [glossary](glossary.md)
