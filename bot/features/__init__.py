"""Features: one file of functions each, registered on Bolt by `app.py`."""
