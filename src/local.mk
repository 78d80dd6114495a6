# One library a folder: what a test or a fuzzer links shows what it needs, and libcore.a links
# with nothing that does I/O.  Includes point one way: daemon -> { k8s, net, http } -> core.
include src/core/local.mk
include src/k8s/local.mk
include src/net/local.mk
include src/http/local.mk
include src/daemon/local.mk
