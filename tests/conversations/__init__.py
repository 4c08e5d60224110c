import pytest

# Its assertions explain themselves as a test's own do.
pytest.register_assert_rewrite("tests.conversations.truth")
