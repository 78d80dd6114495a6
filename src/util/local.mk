# src/util has the log, clocks, random numbers and timers; all folders except src/core may use it.
noinst_LIBRARIES += src/libutil.a
src_libutil_a_SOURCES = \
	src/util/clock.h \
	src/util/log.c \
	src/util/log.h \
	src/util/log_out.c \
	src/util/log_out.h \
	src/util/printable.c \
	src/util/printable.h \
	src/util/random.c \
	src/util/random.h \
	src/util/timer.h

UTIL_LIBS = src/libutil.a $(EV_LIBS) $(CORE_LIBS)
