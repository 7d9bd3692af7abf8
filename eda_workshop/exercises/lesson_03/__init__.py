"""The quiz of lesson 03: who gets an event, who doesn't, and who remembers?"""
