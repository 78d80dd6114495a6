# Everything of the daemon but its main(), so that tests link it.
noinst_LIBRARIES += src/libdaemon.a
src_libdaemon_a_SOURCES = \
	src/daemon/log.c \
	src/daemon/log.h \
	src/daemon/options.c \
	src/daemon/options.h \
	src/daemon/optvalue.c \
	src/daemon/optvalue.h \
	src/daemon/privs.c \
	src/daemon/privs.h

DAEMON_LIBS = src/libdaemon.a $(CORE_LIBS)
