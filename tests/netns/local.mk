# The announcing side alone, on a LAN of network namespaces: `pytest tests/netns`, as root.
noinst_PROGRAMS += tests/netns/hold
tests_netns_hold_LDADD = $(NET_LIBS)

EXTRA_DIST += tests/netns/conftest.py tests/netns/test_conflict.py tests/netns/test_hold.py tests/netns/test_hold6.py
