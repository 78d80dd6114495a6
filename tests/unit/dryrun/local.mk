check_PROGRAMS += tests/unit/dryrun/test_outcome
tests_unit_dryrun_test_outcome_LDADD = $(DRYRUN_LIBS) $(CMOCKA_LIBS)
