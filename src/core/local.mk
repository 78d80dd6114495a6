noinst_LIBRARIES += src/libcore.a
src_libcore_a_SOURCES = \
	include/arplet/announce.h \
	include/arplet/arena.h \
	include/arplet/arp.h \
	include/arplet/err.h \
	include/arplet/iface.h \
	include/arplet/ip.h \
	include/arplet/link.h \
	include/arplet/mac.h \
	include/arplet/object.h \
	include/arplet/plan.h \
	include/arplet/wire.h \
	include/arplet/world.h \
	src/core/arena.c \
	src/core/err.c \
	src/core/iface.c \
	src/core/ip.c \
	src/core/mac.c \
	src/core/object.c \
	src/core/plan.c

CORE_LIBS = src/libcore.a $(CRYPTO_LIBS)
