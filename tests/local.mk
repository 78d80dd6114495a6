# tests/unit mirrors src: the test of src/core/ip.c is tests/unit/core/test_ip.c.
# A test that names no LDADD of its own needs the core alone.
LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/core/test_ip
EXTRA_DIST += tests/unit/unit.h
