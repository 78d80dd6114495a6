/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opens a TCP connection to ADDRESS every EVERY-MS milliseconds, even while earlier connections are
 * open.  The program also captures ARP frames that contain ADDRESS, and exits when its
 * standard input ends.
 *
 *	dial INTERFACE ADDRESS PORT EVERY-MS TIMEOUT-MS
 *
 * If PORT is 0, the program sends ARP probes for ADDRESS instead of connecting (RFC 5227 1.1).  The
 * sender address of a probe is 0.0.0.0, so that no host updates its ARP table.
 *
 * The program prints a line for each event; all times are seconds of CLOCK_MONOTONIC:
 *
 *	ready                        the capture has begun, and connections follow
 *	connect BEGIN END ERROR      a connection has ended; ERROR: 0, or an errno (ETIMEDOUT)
 *	arp AT MAC OP SENDER TARGET  an ARP frame contains ADDRESS; MAC: its Ethernet source
 *	hello AT MAC                 a frame of EtherType 0x88b5
 *	late MS                      the longest delay of this program's own timer
 *
 * Each connection has its own source port and sends only one SYN: Linux would repeat the SYN after
 * one second, but the program ends each connection after TIMEOUT-MS, at most 900 ms.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/if_ether.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { CONNS_MAX = 512, ETH_P_HELLO = 0x88b5, TIMEOUT_MAX_MS = 900 };

static const uint8_t broadcast[ETH_ALEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

/* Indexes in the array for poll(); the entries from AT_CONNS on are connections. */
enum { AT_STDIN, AT_TIMER, AT_ARP, AT_HELLO, AT_CONNS };

static struct conn {
	int fd; /* -1: free */
	double begin_s;
} conns[CONNS_MAX];

static struct sockaddr_in target = { .sin_family = AF_INET };
static double timeout_s, every_s, late_s;
static int arp_sock;
static uint8_t our_mac[ETH_ALEN];

static double
seconds(const struct timespec *t)
{
	return (double)t->tv_sec + (double)t->tv_nsec / 1e9;
}

static double
now_s(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return seconds(&t);
}

/* Closes a connection with RST, so that it does not remain in the state TIME_WAIT. */
static void
end_conn(struct conn *conn, int error)
{
	const struct linger reset = { .l_onoff = 1 };

	printf("connect %.6f %.6f %d\n", conn->begin_s, now_s(CLOCK_MONOTONIC), error);
	setsockopt(conn->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	close(conn->fd);
	conn->fd = -1;
}

static void
begin_conn(void)
{
	struct conn *conn = conns;

	while (conn < conns + CONNS_MAX && conn->fd >= 0)
		conn++;
	if (conn == conns + CONNS_MAX)
		errx(1, "more than %d connections are open", CONNS_MAX);
	conn->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (conn->fd < 0)
		err(1, "socket");
	conn->begin_s = now_s(CLOCK_MONOTONIC);
	if (connect(conn->fd, (struct sockaddr *)&target, sizeof(target)) == 0)
		end_conn(conn, 0);
	else if (errno != EINPROGRESS)
		end_conn(conn, errno);
}

static void
send_probe(void)
{
	struct {
		struct ether_header eth;
		struct ether_arp arp;
		uint8_t padding[18];
	} __attribute__((packed)) frame = { 0 };

	memcpy(frame.eth.ether_dhost, broadcast, ETH_ALEN);
	memcpy(frame.eth.ether_shost, our_mac, ETH_ALEN);
	frame.eth.ether_type = htons(ETH_P_ARP);
	frame.arp.ea_hdr = (struct arphdr){ htons(ARPHRD_ETHER), htons(ETH_P_IP), ETH_ALEN, 4,
		htons(ARPOP_REQUEST) };
	memcpy(frame.arp.arp_sha, our_mac, ETH_ALEN);
	memcpy(frame.arp.arp_tpa, &target.sin_addr, 4);
	if (send(arp_sock, &frame, sizeof(frame), 0) < 0)
		err(1, "send");
}

static void
on_writable(struct conn *conn)
{
	int error = 0;
	socklen_t len = sizeof(error);

	getsockopt(conn->fd, SOL_SOCKET, SO_ERROR, &error, &len);
	end_conn(conn, error);
}

static void
on_timer(int timer)
{
	static double due_s;
	double now = now_s(CLOCK_MONOTONIC);
	uint64_t expirations;

	if (read(timer, &expirations, sizeof(expirations)) < 0)
		return;
	if (due_s > 0 && now - due_s > late_s)
		late_s = now - due_s;
	due_s = (due_s > 0 ? due_s + every_s * (double)(expirations - 1) : now) + every_s;
	for (struct conn *conn = conns; conn < conns + CONNS_MAX; conn++) {
		if (conn->fd >= 0 && now - conn->begin_s >= timeout_s)
			end_conn(conn, ETIMEDOUT);
	}
	if (target.sin_port)
		begin_conn();
	else
		send_probe();
}

/* Returns the time at which the kernel received a frame, in seconds of CLOCK_MONOTONIC. */
static double
arrival_s(struct msghdr *msg)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(msg);
	double now = now_s(CLOCK_MONOTONIC);
	struct timespec t;

	if (!c || c->cmsg_type != SO_TIMESTAMPNS)
		return now;
	memcpy(&t, CMSG_DATA(c), sizeof(t));
	return now - (now_s(CLOCK_REALTIME) - seconds(&t));
}

static void
print_mac(const uint8_t *mac)
{
	for (int i = 0; i < ETH_ALEN; i++)
		printf("%s%02x", i ? ":" : " ", mac[i]);
}

static void
print_frame(const uint8_t *frame, size_t len, double at_s)
{
	const struct ether_header *eth = (const struct ether_header *)frame;
	const struct ether_arp *arp = (const struct ether_arp *)(eth + 1);
	char sender_ip[INET_ADDRSTRLEN], target_ip[INET_ADDRSTRLEN];

	if (len >= sizeof(*eth) && ntohs(eth->ether_type) == ETH_P_HELLO) {
		printf("hello %.6f", at_s);
		print_mac(eth->ether_shost);
		printf("\n");
	}
	if (len < sizeof(*eth) + sizeof(*arp) || ntohs(eth->ether_type) != ETH_P_ARP ||
	    (memcmp(arp->arp_spa, &target.sin_addr, 4) &&
	        memcmp(arp->arp_tpa, &target.sin_addr, 4)))
		return;
	printf("arp %.6f", at_s);
	print_mac(eth->ether_shost);
	printf(" %d %s %s\n", ntohs(arp->ea_hdr.ar_op),
	    inet_ntop(AF_INET, arp->arp_spa, sender_ip, sizeof(sender_ip)),
	    inet_ntop(AF_INET, arp->arp_tpa, target_ip, sizeof(target_ip)));
}

static void
on_frames(int sock)
{
	uint8_t frame[256], control[CMSG_SPACE(sizeof(struct timespec))];
	struct iovec iov = { frame, sizeof(frame) };
	ssize_t len;

	for (;;) {
		struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
			.msg_controllen = sizeof(control) };

		len = recvmsg(sock, &msg, MSG_DONTWAIT);
		if (len < 0)
			return;
		print_frame(frame, (size_t)len, arrival_s(&msg));
	}
}

static int
open_capture(const char *ifname, uint16_t ethertype)
{
	struct sockaddr_ll addr = { .sll_family = AF_PACKET, .sll_protocol = htons(ethertype),
		.sll_ifindex = (int)if_nametoindex(ifname) };
	int on = 1, sock = socket(AF_PACKET, SOCK_RAW, 0);

	if (sock < 0 || setsockopt(sock, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)) < 0)
		err(2, "socket");
	if (!addr.sll_ifindex || bind(sock, (struct sockaddr *)&addr, sizeof(addr)) < 0)
		err(2, "%s", ifname);
	return sock;
}

static void
find_mac(const char *ifname)
{
	struct ifreq req = { 0 };

	snprintf(req.ifr_name, sizeof(req.ifr_name), "%s", ifname);
	if (ioctl(arp_sock, SIOCGIFHWADDR, &req) < 0)
		err(2, "SIOCGIFHWADDR");
	memcpy(our_mac, req.ifr_hwaddr.sa_data, ETH_ALEN);
}

static int
open_timer(void)
{
	struct itimerspec when = { 0 };
	int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);

	when.it_interval.tv_sec = (time_t)every_s;
	when.it_interval.tv_nsec = (long)((every_s - (double)(time_t)every_s) * 1e9);
	when.it_value = when.it_interval;
	if (timer < 0 || timerfd_settime(timer, 0, &when, NULL) < 0)
		err(2, "timerfd");
	return timer;
}

/* Sets real-time priority, if permitted, so that other processes do not delay the measurement. */
static void
raise_priority(void)
{
	const struct sched_param param = { .sched_priority = 10 };

	sched_setscheduler(0, SCHED_FIFO, &param);
	mlockall(MCL_CURRENT | MCL_FUTURE);
}

static void
run(struct pollfd *fds)
{
	nfds_t n = AT_CONNS;
	size_t index[CONNS_MAX];

	for (size_t i = 0; i < CONNS_MAX; i++) {
		if (conns[i].fd < 0)
			continue;
		index[n - AT_CONNS] = i;
		fds[n++] = (struct pollfd){ .fd = conns[i].fd, .events = POLLOUT };
	}
	if (poll(fds, n, -1) < 0)
		err(1, "poll");
	for (nfds_t i = AT_CONNS; i < n; i++) {
		if (fds[i].revents)
			on_writable(&conns[index[i - AT_CONNS]]);
	}
	for (int i = AT_ARP; i <= AT_HELLO; i++) {
		if (fds[i].revents)
			on_frames(fds[i].fd);
	}
	if (fds[AT_TIMER].revents)
		on_timer(fds[AT_TIMER].fd);
}

int
main(int argc, char **argv)
{
	static struct pollfd fds[AT_CONNS + CONNS_MAX];

	if (argc != 6)
		errx(2, "usage: dial INTERFACE ADDRESS PORT EVERY-MS TIMEOUT-MS");
	target.sin_port = htons((uint16_t)atoi(argv[3]));
	every_s = atof(argv[4]) / 1e3;
	timeout_s = atof(argv[5]) / 1e3;
	if (inet_pton(AF_INET, argv[2], &target.sin_addr) != 1 || every_s < 0.001 ||
	    timeout_s < every_s || timeout_s * 1e3 > TIMEOUT_MAX_MS)
		errx(2, "ADDRESS must be IPv4, and 1 <= EVERY-MS <= TIMEOUT-MS <= %d",
		    TIMEOUT_MAX_MS);
	for (size_t i = 0; i < CONNS_MAX; i++)
		conns[i].fd = -1;
	fds[AT_STDIN] = (struct pollfd){ .fd = STDIN_FILENO, .events = POLLIN };
	fds[AT_TIMER] = (struct pollfd){ .fd = open_timer(), .events = POLLIN };
	arp_sock = open_capture(argv[1], ETH_P_ARP);
	find_mac(argv[1]);
	fds[AT_ARP] = (struct pollfd){ .fd = arp_sock, .events = POLLIN };
	fds[AT_HELLO] = (struct pollfd){ .fd = open_capture(argv[1], ETH_P_HELLO), .events = POLLIN };
	raise_priority();
	printf("ready\n");
	fflush(stdout);
	while (!fds[AT_STDIN].revents)
		run(fds);
	printf("late %.1f\n", late_s * 1e3);
	return 0;
}
