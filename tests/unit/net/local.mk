check_PROGRAMS += tests/unit/net/test_bpf
tests_unit_net_test_bpf_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src
tests_unit_net_test_bpf_LDADD = $(NET_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/unit/net/test_groups
tests_unit_net_test_groups_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src
tests_unit_net_test_groups_LDADD = $(NET_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/unit/net/test_linktab
tests_unit_net_test_linktab_LDADD = $(NET_LIBS) $(CMOCKA_LIBS)
