"""What people can do, one module each: commands, listeners and jobs, registered in the services of
`app.py`."""
