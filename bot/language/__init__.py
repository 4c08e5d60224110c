"""What people type: questions, schedules, dates. Pure."""
