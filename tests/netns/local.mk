# Tests of the announcer and of the election on real sockets, without an API server, on a LAN of
# network namespaces.  As root, run `pytest tests/netns`.
noinst_PROGRAMS += tests/netns/announce
tests_netns_announce_LDADD = $(NET_LIBS)
noinst_PROGRAMS += tests/netns/elect
tests_netns_elect_LDADD = $(NET_LIBS)

EXTRA_DIST += tests/netns/conftest.py tests/netns/test_conflict.py tests/netns/test_announce.py tests/netns/test_announce6.py tests/netns/test_carriers.py tests/netns/test_other_links.py
