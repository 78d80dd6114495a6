# tests/golden compares the output of dry runs with recorded output, and checks its properties.
dist_check_SCRIPTS += tests/golden/run
TESTS += tests/golden/run
EXTRA_DIST += tests/golden/cases tests/golden/test_golden.py tests/golden/test_output.py
