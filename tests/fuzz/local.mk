# tests/fuzz/fuzz_NAME.c is a fuzz target, and the files in tests/fuzz/corpus/NAME are its seeds.
# Add a new fuzz target to fuzz_programs, with an _LDADD that starts with $(FUZZ_MAIN).
#
# With --enable-fuzzers, tests/fuzz/run runs the fuzz targets under libFuzzer.  Without
# --enable-fuzzers, `make check` runs each fuzz target once with each seed.
fuzz_programs = \
	tests/fuzz/fuzz_arp \
	tests/fuzz/fuzz_bpf \
	tests/fuzz/fuzz_cost \
	tests/fuzz/fuzz_decode \
	tests/fuzz/fuzz_election \
	tests/fuzz/fuzz_json_filter \
	tests/fuzz/fuzz_hello \
	tests/fuzz/fuzz_ip \
	tests/fuzz/fuzz_kubeconfig \
	tests/fuzz/fuzz_link_table \
	tests/fuzz/fuzz_ndp \
	tests/fuzz/fuzz_world \
	tests/fuzz/fuzz_yaml

tests_fuzz_fuzz_arp_LDADD = $(FUZZ_MAIN) $(CORE_LIBS)
tests_fuzz_fuzz_bpf_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src
tests_fuzz_fuzz_bpf_LDADD = $(FUZZ_MAIN) $(NET_LIBS)
tests_fuzz_fuzz_cost_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src
tests_fuzz_fuzz_cost_SOURCES = \
	tests/fuzz/fuzz_cost.c tests/fuzz/cost_objects.c tests/fuzz/cost_objects.h
tests_fuzz_fuzz_cost_LDADD = $(FUZZ_MAIN) $(K8S_LIBS) $(CORE_LIBS)
tests_fuzz_fuzz_election_SOURCES = tests/fuzz/fuzz_election.c \
	tests/fuzz/election_checks.c tests/fuzz/election_checks.h
tests_fuzz_fuzz_election_LDADD = $(FUZZ_MAIN) $(CORE_LIBS)
tests_fuzz_fuzz_hello_LDADD = $(FUZZ_MAIN) $(CORE_LIBS)
tests_fuzz_fuzz_link_table_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src
tests_fuzz_fuzz_link_table_LDADD = $(FUZZ_MAIN) $(NET_LIBS)
tests_fuzz_fuzz_ndp_LDADD = $(FUZZ_MAIN) $(CORE_LIBS)
tests_fuzz_fuzz_ip_LDADD = $(FUZZ_MAIN) $(CORE_LIBS)
tests_fuzz_fuzz_decode_LDADD = $(FUZZ_MAIN) $(K8S_LIBS) $(CORE_LIBS)
tests_fuzz_fuzz_json_filter_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src
tests_fuzz_fuzz_json_filter_SOURCES = tests/fuzz/fuzz_json_filter.c tests/fuzz/filter_reference.h
tests_fuzz_fuzz_json_filter_LDADD = $(FUZZ_MAIN) $(K8S_LIBS) $(CORE_LIBS)
tests_fuzz_fuzz_kubeconfig_LDADD = $(FUZZ_MAIN) $(K8S_LIBS) $(CORE_LIBS)
tests_fuzz_fuzz_world_LDADD = $(FUZZ_MAIN) $(K8S_LIBS) $(CORE_LIBS)
tests_fuzz_fuzz_yaml_LDADD = $(FUZZ_MAIN) $(K8S_LIBS) $(CORE_LIBS)

if FUZZERS
noinst_PROGRAMS += $(fuzz_programs)
FUZZ_MAIN = $(FUZZ_ENGINE)
else
check_PROGRAMS += $(fuzz_programs)
check_LIBRARIES += tests/fuzz/libcorpus_main.a
tests_fuzz_libcorpus_main_a_SOURCES = tests/fuzz/corpus_main.c
FUZZ_MAIN = tests/fuzz/libcorpus_main.a
endif

EXTRA_DIST += tests/fuzz/corpus tests/fuzz/run tests/fuzz/long
