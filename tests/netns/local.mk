# The announcing side alone, on a LAN of network namespaces: `pytest tests/netns`, as root.
noinst_PROGRAMS += tests/netns/announce
tests_netns_announce_LDADD = $(NET_LIBS)

EXTRA_DIST += tests/netns/conftest.py tests/netns/test_conflict.py tests/netns/test_announce.py tests/netns/test_announce6.py
