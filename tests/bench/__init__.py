"""`python -m tests.bench`: how fast the bot is, beside a bare Bolt app that only acks.

It measures and prints; it asserts no time, and pytest collects nothing here.
"""
