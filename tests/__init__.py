import sys

# If the bytecode cache is off, every worker would compile every module again.
sys.dont_write_bytecode = False
