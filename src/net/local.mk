noinst_LIBRARIES += src/libnet.a
src_libnet_a_SOURCES = \
	include/arplet/link_watch.h \
	include/arplet/lan_io.h \
	include/arplet/lan_io_ops.h \
	src/net/addr_list.c \
	src/net/addr_list.h \
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
	src/net/link_watch.c \
	src/net/mcast_groups.c \
	src/net/mcast_groups.h \
	src/net/lan_io.c \
	src/net/lan_io_announcer.c \
	src/net/lan_io_announcer.h \
	src/net/lan_io_election.c \
	src/net/lan_io_election.h \
	src/net/lan_io_prober.c \
	src/net/lan_io_prober.h \
	src/net/lan_io_proxy.c \
	src/net/lan_io_proxy.h \
	src/net/lan_io_socks.c \
	src/net/lan_io_socks.h \
	src/net/lan_io_state.c \
	src/net/lan_io_state.h \
	src/net/lan_io_timer.c \
	src/net/lan_io_timer.h \
	src/net/lan_io_tx.c \
	src/net/lan_io_tx.h \
	src/net/lan_io_udp.c \
	src/net/lan_io_udp.h \
	src/net/rawsock.c \
	src/net/rawsock.h \
	src/net/rx_ring.c \
	src/net/rx_ring.h \
	src/net/udp_sock.c \
	src/net/udp_sock.h

NET_LIBS = src/libnet.a $(MNL_LIBS) $(UTIL_LIBS)
