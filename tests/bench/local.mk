# Benchmarks, which are started by hand and create a test cluster.  When a benchmark starts, it
# builds the C programs that it needs, so `make check` does not build these programs.
EXTRA_PROGRAMS = tests/bench/api_load tests/bench/arp_load
tests_bench_api_load_SOURCES = tests/bench/api_load.c
tests_bench_api_load_LDADD = $(CURL_LIBS)
tests_bench_arp_load_SOURCES = tests/bench/arp_load.c
tests_bench_arp_load_LDADD =
EXTRA_DIST += tests/bench/bench tests/bench/failover tests/bench/figures.py \
	tests/bench/many_services.py tests/bench/wire tests/bench/workload.py
CLEANFILES += tests/bench/api_load tests/bench/arp_load
