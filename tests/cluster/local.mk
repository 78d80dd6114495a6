# The test cluster: Python modules, and the C programs that its pods and clients run.  "make check"
# does not run the test cluster, because it needs root.
EXTRA_DIST += tests/setup tests/demo \
	tests/cluster/__init__.py \
	tests/cluster/__main__.py \
	tests/cluster/api.py \
	tests/cluster/arplet.py \
	tests/cluster/base.py \
	tests/cluster/build-helm \
	tests/cluster/build-kubernetes \
	tests/cluster/build-metallb \
	tests/cluster/capture.py \
	tests/cluster/cgroups.py \
	tests/cluster/control.py \
	tests/cluster/demo.py \
	tests/cluster/dial.c \
	tests/cluster/dial.py \
	tests/cluster/echo.c \
	tests/cluster/go-modules.sh \
	tests/cluster/helm.py \
	tests/cluster/host.py \
	tests/cluster/image.py \
	tests/cluster/kind.py \
	tests/cluster/kubelet.py \
	tests/cluster/lan.py \
	tests/cluster/metallb.py \
	tests/cluster/namespaces.py \
	tests/cluster/ndp.py \
	tests/cluster/netns.py \
	tests/cluster/objects.py \
	tests/cluster/pki.py \
	tests/cluster/pods.py \
	tests/cluster/procs.py \
	tests/cluster/restore.py \
	tests/cluster/run.py \
	tests/cluster/slot.py \
	tests/cluster/switch.py \
	tests/cluster/test_cluster.py
