# The scripts in this folder build these programs.  They need a cluster, so make check does not run
# them.
EXTRA_PROGRAMS = tests/bench/flood tests/bench/ask
tests_bench_flood_SOURCES = tests/bench/flood.c
tests_bench_flood_LDADD = $(CURL_LIBS)
tests_bench_ask_SOURCES = tests/bench/ask.c
tests_bench_ask_LDADD =
EXTRA_DIST += tests/bench/bench tests/bench/failover tests/bench/figures.py \
	tests/bench/load.py tests/bench/many.py tests/bench/wire
CLEANFILES += tests/bench/flood tests/bench/ask
