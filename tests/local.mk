# tests/unit mirrors src: the test of src/core/base/ip.c is tests/unit/core/base/test_ip.c.
# If a test has no LDADD of its own, it links only with libcore.a and cmocka.
LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
EXTRA_DIST += tests/unit/unit.h

# tests/purity checks that src/core calls no function that does I/O.  tests/layers checks which
# files call each other.  tests/manual compares the documents with the program.  tests/hardening
# checks how the program is linked.
dist_check_SCRIPTS = tests/purity tests/layers tests/manual tests/hardening
TESTS += tests/purity tests/layers tests/manual tests/hardening
EXTRA_DIST += tests/run tests/sentences

include tests/unit/core/local.mk
include tests/sim/local.mk
include tests/unit/k8s/local.mk
include tests/k8s/local.mk
include tests/unit/net/local.mk
include tests/unit/http/local.mk
include tests/unit/util/local.mk
include tests/unit/options/local.mk
include tests/unit/daemon/local.mk
include tests/unit/dryrun/local.mk
include tests/golden/local.mk
include tests/deploy/local.mk
include tests/images/local.mk
include tests/netns/local.mk
include tests/fuzz/local.mk
include tests/cluster/local.mk
include tests/e2e/local.mk
include tests/attack/local.mk
include tests/bench/local.mk
