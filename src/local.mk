# Each folder of src is one library, so the LDADD of a test or a fuzzer lists the folders that it
# uses.  libcore.a needs no library that does I/O.  A folder includes only folders to its right:
# { daemon, dryrun } -> { k8s, net, http, options } -> util -> core.
include src/core/local.mk
include src/util/local.mk
include src/k8s/local.mk
include src/net/local.mk
include src/http/local.mk
include src/options/local.mk
include src/daemon/local.mk
include src/dryrun/local.mk

bin_PROGRAMS += src/arplet
src_arplet_SOURCES = src/main.c
src_arplet_LDADD = src/libdryrun.a $(DAEMON_LIBS)
