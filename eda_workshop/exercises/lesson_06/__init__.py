"""The quiz of lesson 06: what a log promises to those who write to it and read from it."""
