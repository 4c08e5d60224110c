"""Benchmarks. Each module is a command, such as `python -m tests.bench.working_day`.

docs/run-it.md shows the results under "Limits".
"""
