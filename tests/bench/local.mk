# Built by tests/bench/bench, which is for people and takes a cluster: no part of `make check`.
EXTRA_PROGRAMS = tests/bench/flood
tests_bench_flood_SOURCES = tests/bench/flood.c
tests_bench_flood_LDADD = $(CURL_LIBS)
EXTRA_DIST += tests/bench/bench
CLEANFILES += tests/bench/flood
