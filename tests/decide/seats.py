"""Seats that can be reserved: a small decider for the tests."""

from eda_workshop import Command, Decider, Event, Query, Rejected, applies, decides


class Seats(Decider):
    """One seat, one holder; who has it may give it back."""

    initial = ""

    def boundary(command):
        return Query("seat.*", tags=command.data["seat"])

    @applies("seat.reserved")
    def reserved(_holder, event):
        return event.data["by"]

    @applies("seat.released")
    def released(_holder, _event):
        return ""

    @decides("seat.reserve")
    def reserve(holder, command):
        if holder:
            raise Rejected(f"{holder} has it")
        return reserved(**command.data)

    @decides("seat.release")
    def release(holder, command):
        if holder != command.data["by"]:
            raise Rejected(f"{holder or 'nobody'} has it")
        return Event("seat.released", command.data, subject=command.data["seat"])


def reserve(seat, by, **attributes):
    """The command to reserve a seat."""
    return Command("seat.reserve", {"seat": seat, "by": by}, **attributes)


def reserved(seat, by, **attributes):
    """The event that it is reserved."""
    return Event("seat.reserved", {"seat": seat, "by": by}, subject=seat, **attributes)
