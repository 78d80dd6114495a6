noinst_LIBRARIES += src/libcore.a
src_libcore_a_SOURCES = \
	include/arplet/announce.h \
	include/arplet/arena.h \
	include/arplet/arp.h \
	include/arplet/elect.h \
	include/arplet/err.h \
	include/arplet/iface.h \
	include/arplet/ip.h \
	include/arplet/lease.h \
	include/arplet/link.h \
	include/arplet/mac.h \
	include/arplet/ndp.h \
	include/arplet/object.h \
	include/arplet/plan.h \
	include/arplet/wire.h \
	include/arplet/world.h \
	src/core/alloc.c \
	src/core/ask.h \
	src/core/announce.c \
	src/core/arena.c \
	src/core/arp.c \
	src/core/claims.c \
	src/core/counts.c \
	src/core/decide.c \
	src/core/elect.c \
	src/core/err.c \
	src/core/events.c \
	src/core/hold.c \
	src/core/holder.c \
	src/core/iface.c \
	src/core/ip.c \
	src/core/lan.c \
	src/core/lan.h \
	src/core/lease.c \
	src/core/mac.c \
	src/core/ndp.c \
	src/core/object.c \
	src/core/plan.c \
	src/core/pools.c \
	src/core/request.c \
	src/core/say.c \
	src/core/say.h \
	src/core/svc.c \
	src/core/take.c \
	src/core/view.c \
	src/core/wire.c \
	src/core/world.c \
	src/core/world_impl.h

CORE_LIBS = src/libcore.a $(CRYPTO_LIBS)
