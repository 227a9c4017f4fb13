"""One module a subject; the functions in it are the tests."""
