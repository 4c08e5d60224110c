"""What is measured, a command each: `answers`, `week`, `million`, `start`.

Each prints its goals beside what it saw. The figures stand in docs/measurements.md.
"""
