noinst_LIBRARIES += src/libdaemon.a
src_libdaemon_a_SOURCES = \
	src/daemon/api_write.c \
	src/daemon/api_write.h \
	src/daemon/app.c \
	src/daemon/app.h \
	src/daemon/carriers.c \
	src/daemon/carriers.h \
	src/daemon/decide_turn.c \
	src/daemon/decide_turn.h \
	src/daemon/write_job.c \
	src/daemon/write_job.h \
	src/daemon/write_queue.c \
	src/daemon/write_queue.h \
	src/daemon/job_arena.c \
	src/daemon/job_arena.h \
	src/daemon/leader.c \
	src/daemon/leader.h \
	src/daemon/loop_turn.c \
	src/daemon/loop_turn.h \
	src/daemon/metrics_collect.c \
	src/daemon/metrics_collect.h \
	src/daemon/node_reader.c \
	src/daemon/node_reader.h \
	src/daemon/privs.c \
	src/daemon/privs.h \
	src/daemon/speaker.c \
	src/daemon/speaker.h \
	src/daemon/target_list.h \
	src/daemon/trim_memory.c \
	src/daemon/trim_memory.h

DAEMON_LIBS = src/libdaemon.a src/libhttp.a src/libnet.a src/libk8s.a src/liboptions.a \
	$(MHD_LIBS) $(MNL_LIBS) $(CURL_LIBS) $(JSONC_LIBS) $(YAML_LIBS) $(UTIL_LIBS)
