"""Five figures, by four commands: `answers`, `days` (two of them), `memory` and `start`.

What they were seen to be stands in docs/measurements.md.
"""
