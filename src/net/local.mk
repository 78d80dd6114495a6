noinst_LIBRARIES += src/libnet.a
src_libnet_a_SOURCES = \
	include/arplet/links.h \
	include/arplet/port.h \
	include/arplet/port_ops.h \
	src/net/bpf.c \
	src/net/bpf.h \
	src/net/ip_set.c \
	src/net/ip_set.h \
	src/net/link_rx.c \
	src/net/link_rx.h \
	src/net/link_sock.c \
	src/net/link_sock.h \
	src/net/link_table.c \
	src/net/link_table.h \
	src/net/links.c \
	src/net/mcast_groups.c \
	src/net/mcast_groups.h \
	src/net/port.c \
	src/net/port_announcer.c \
	src/net/port_announcer.h \
	src/net/port_election.c \
	src/net/port_election.h \
	src/net/port_prober.c \
	src/net/port_prober.h \
	src/net/port_socks.c \
	src/net/port_socks.h \
	src/net/port_state.c \
	src/net/port_state.h \
	src/net/port_timer.c \
	src/net/port_timer.h \
	src/net/port_tx.c \
	src/net/port_tx.h \
	src/net/rawsock.c \
	src/net/rawsock.h \
	src/net/rx_ring.c \
	src/net/rx_ring.h

NET_LIBS = src/libnet.a $(MNL_LIBS) $(UTIL_LIBS)
