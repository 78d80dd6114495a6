# tests/golden compares the output of dry runs with recorded output.  It also checks that YAML and
# JSON output are equal, and that the order of the input objects does not matter.
dist_check_SCRIPTS += tests/golden/run
TESTS += tests/golden/run
EXTRA_DIST += tests/golden/cases tests/golden/test_golden.py tests/golden/test_output.py
