# tests/golden: dry runs and what they must say
dist_check_SCRIPTS += tests/golden/run
TESTS += tests/golden/run
EXTRA_DIST += tests/golden/cases tests/golden/test_golden.py tests/golden/test_output.py
