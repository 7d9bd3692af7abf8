"""The stories that the field tells, as events and models: lessons and tests begin with them."""
