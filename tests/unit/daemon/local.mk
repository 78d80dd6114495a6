check_PROGRAMS += \
	tests/unit/daemon/test_job_arena \
	tests/unit/daemon/test_write_limits \
	tests/unit/daemon/test_write_queue \
	tests/unit/daemon/test_leader \
	tests/unit/daemon/test_node_reader \
	tests/unit/daemon/test_privs \
	tests/unit/daemon/test_api_write

tests_unit_daemon_test_job_arena_LDADD = $(DAEMON_LIBS) $(CMOCKA_LIBS)
tests_unit_daemon_test_write_queue_SOURCES = \
	tests/unit/daemon/fake_client.c \
	tests/unit/daemon/fake_client.h \
	tests/unit/daemon/test_write_queue.c \
	tests/unit/daemon/write_queue_fixture.c \
	tests/unit/daemon/write_queue_fixture.h
tests_unit_daemon_test_write_limits_SOURCES = \
	tests/unit/daemon/fake_client.c \
	tests/unit/daemon/fake_client.h \
	tests/unit/daemon/test_write_limits.c \
	tests/unit/daemon/write_queue_fixture.c \
	tests/unit/daemon/write_queue_fixture.h
tests_unit_daemon_test_write_limits_LDADD = $(DAEMON_LIBS) $(CMOCKA_LIBS)
tests_unit_daemon_test_write_queue_LDADD = $(DAEMON_LIBS) $(CMOCKA_LIBS)
tests_unit_daemon_test_leader_SOURCES = \
	tests/unit/daemon/fake_client.c \
	tests/unit/daemon/fake_client.h \
	tests/unit/daemon/test_leader.c
tests_unit_daemon_test_leader_LDADD = $(DAEMON_LIBS) $(CMOCKA_LIBS)
tests_unit_daemon_test_node_reader_SOURCES = \
	tests/unit/daemon/fake_client.c \
	tests/unit/daemon/fake_client.h \
	tests/unit/daemon/test_node_reader.c
tests_unit_daemon_test_node_reader_LDADD = $(DAEMON_LIBS) $(CMOCKA_LIBS)
tests_unit_daemon_test_privs_LDADD = $(DAEMON_LIBS) $(CMOCKA_LIBS)
tests_unit_daemon_test_api_write_LDADD = $(DAEMON_LIBS) $(CMOCKA_LIBS)
