"""What is measured, a command each: `answers`, `week`, `in_a_row`, `million`, `start`, `house`.

Each prints its goals beside what it saw. The figures stand in docs/measurements.md.
"""
