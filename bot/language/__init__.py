"""Reads what people type: questions, schedules, dates. No I/O."""
