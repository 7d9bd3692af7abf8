"""Business flows over the bus: who does what next, and what has to be undone when one step fails."""
