"""Five figures, by four commands: `answers`, `days` (two of them), `memory` and `start`.

docs/run-it.md shows the results under "Limits".
"""
