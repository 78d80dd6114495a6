check_PROGRAMS += tests/unit/util/test_log
tests_unit_util_test_log_LDADD = $(UTIL_LIBS) $(CMOCKA_LIBS)
