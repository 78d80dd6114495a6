check_PROGRAMS += tests/unit/options/test_options
tests_unit_options_test_options_LDADD = $(OPTIONS_LIBS) $(CMOCKA_LIBS)
