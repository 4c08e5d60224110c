"""A request's words become an answer's view: read, resolved, checked, prepared, computed, and cut
for channels."""
