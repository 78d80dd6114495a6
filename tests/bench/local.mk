# Benchmarks, which are started by hand and create a test cluster.  Each benchmark builds its
# programs, so that `make check` builds and runs no benchmark.
EXTRA_PROGRAMS = tests/bench/api_load tests/bench/arp_load
tests_bench_api_load_SOURCES = tests/bench/api_load.c
tests_bench_api_load_LDADD = $(CURL_LIBS)
tests_bench_arp_load_SOURCES = tests/bench/arp_load.c
tests_bench_arp_load_LDADD =
EXTRA_DIST += tests/bench/bench tests/bench/failover tests/bench/figures.py \
	tests/bench/many_services.py tests/bench/wire tests/bench/workload.py
CLEANFILES += tests/bench/api_load tests/bench/arp_load
