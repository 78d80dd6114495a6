check_PROGRAMS += tests/unit/util/test_log tests/unit/util/test_log_out
tests_unit_util_test_log_LDADD = $(UTIL_LIBS) $(CMOCKA_LIBS)
tests_unit_util_test_log_out_LDADD = $(UTIL_LIBS) $(CMOCKA_LIBS)
