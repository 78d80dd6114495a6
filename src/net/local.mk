noinst_LIBRARIES += src/libnet.a
src_libnet_a_SOURCES = \
	include/arplet/links.h \
	include/arplet/port.h \
	src/net/asks.c \
	src/net/bpf.c \
	src/net/bpf.h \
	src/net/common.c \
	src/net/ear.c \
	src/net/fellows.c \
	src/net/groups.c \
	src/net/groups.h \
	src/net/heard.c \
	src/net/heard.h \
	src/net/links.c \
	src/net/linktab.c \
	src/net/linktab.h \
	src/net/port.c \
	src/net/port_impl.h \
	src/net/rawsock.c \
	src/net/rawsock.h \
	src/net/ring.c \
	src/net/ring.h \
	src/net/tap.c \
	src/net/voice.c

NET_LIBS = src/libnet.a $(CORE_LIBS) $(MNL_LIBS) $(EV_LIBS)
