"""What an operator runs in a terminal: arguments and settings come in, printed lines go out."""
