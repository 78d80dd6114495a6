# Everything of the daemon but its main(), so that tests link it.
noinst_LIBRARIES += src/libdaemon.a
src_libdaemon_a_SOURCES = \
	src/daemon/app.c \
	src/daemon/app.h \
	src/daemon/batch.c \
	src/daemon/batch.h \
	src/daemon/clock.h \
	src/daemon/dryrun.c \
	src/daemon/dryrun.h \
	src/daemon/executor.c \
	src/daemon/executor.h \
	src/daemon/feed.c \
	src/daemon/feed.h \
	src/daemon/files.c \
	src/daemon/files.h \
	src/daemon/follow.c \
	src/daemon/follow.h \
	src/daemon/lan.c \
	src/daemon/lan.h \
	src/daemon/leader.c \
	src/daemon/leader.h \
	src/daemon/log.c \
	src/daemon/log.h \
	src/daemon/optmain.c \
	src/daemon/options.c \
	src/daemon/options.h \
	src/daemon/optvalue.c \
	src/daemon/optvalue.h \
	src/daemon/outcome.c \
	src/daemon/outcome.h \
	src/daemon/pass.c \
	src/daemon/pass.h \
	src/daemon/printable.c \
	src/daemon/printable.h \
	src/daemon/privs.c \
	src/daemon/privs.h \
	src/daemon/standin.c \
	src/daemon/standin.h \
	src/daemon/stats.c \
	src/daemon/stats.h \
	src/daemon/table.c \
	src/daemon/table.h \
	src/daemon/tally.c \
	src/daemon/tally.h \
	src/daemon/texts.c \
	src/daemon/texts.h \
	src/daemon/tidy.c \
	src/daemon/tidy.h \
	src/daemon/timer.h \
	src/daemon/wanted.c \
	src/daemon/wanted.h \
	src/daemon/write.c \
	src/daemon/write.h

DAEMON_LIBS = src/libdaemon.a $(HTTP_LIBS) $(NET_LIBS) $(K8S_LIBS) $(CORE_LIBS)


bin_PROGRAMS += src/arplet
src_arplet_SOURCES = src/daemon/main.c
src_arplet_LDADD = $(DAEMON_LIBS)
