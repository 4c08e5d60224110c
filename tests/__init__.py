import sys

# Where the bytecode cache is switched off, every worker would compile every module again.
sys.dont_write_bytecode = False
