/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Broadcasts ARP requests with the sender address SENDER, and measures how fast hosts answer.
 *
 *	arp_load latency INTERFACE SENDER ADDRESS COUNT
 *		sends COUNT requests one after another; prints p50 and p99 latency, us
 *	arp_load rate INTERFACE SENDER ADDRESS COUNT FLIGHT
 *		sends COUNT requests, with FLIGHT of them in flight; prints the replies per second
 *	arp_load storm INTERFACE SENDER ADDRESS RATE SECONDS
 *		sends RATE requests per second, ignores replies; prints the requests per second
 *	arp_load sweep INTERFACE SENDER FIRST COUNT MAC SECONDS
 *		sends requests for COUNT addresses from FIRST on, until hosts other than MAC have
 *		replied for each, or for SECONDS; prints the time of the last such reply
 *		(CLOCK_MONOTONIC), and the number of addresses without one
 *
 * "latency" and "rate" also print the number of requests without a reply in LOST_MS milliseconds.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/ether.h>
#include <netinet/if_ether.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { FRAME = 60, LOST_MS = 200, COUNT_MAX = 1000000, FLIGHT_MAX = 256, BATCH = 50,
	SWEEP_MAX = 4096, SWEEP_RATE = 10000 };

static int sock;
static uint8_t frame[FRAME];

static double
now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Makes the socket receive only ARP replies that answer for @target (network byte order). */
static void
attach_filter(uint32_t target)
{
	struct sock_filter prog[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 20),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARPOP_REPLY, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 28),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ntohl(target), 0, 1),
		BPF_STMT(BPF_RET | BPF_K, FRAME),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog fprog = { sizeof(prog) / sizeof(prog[0]), prog };

	if (setsockopt(sock, SOL_SOCKET, SO_ATTACH_FILTER, &fprog, sizeof(fprog)) < 0)
		err(2, "SO_ATTACH_FILTER");
}

/* Opens the socket, and builds the frame of an ARP request for @address from @sender. */
static void
prepare(const char *ifname, const char *sender, const char *address, bool receive)
{
	struct sockaddr_ll addr = { .sll_family = AF_PACKET,
		.sll_protocol = receive ? htons(ETH_P_ARP) : 0,
		.sll_ifindex = (int)if_nametoindex(ifname) };
	struct ether_arp *arp = (struct ether_arp *)(frame + ETH_HLEN);
	const struct timeval timeout = { .tv_usec = LOST_MS * 1000 };
	struct ifreq req = { 0 };
	uint32_t target;

	sock = socket(AF_PACKET, SOCK_RAW, 0);
	if (sock < 0)
		err(2, "socket");
	if (inet_pton(AF_INET, address, &target) != 1 || inet_pton(AF_INET, sender, arp->arp_spa) != 1)
		errx(2, "\"%s\" and \"%s\" must be IPv4 addresses", sender, address);
	attach_filter(target);
	if (setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)) < 0)
		err(2, "SO_RCVTIMEO");
	if (!addr.sll_ifindex || bind(sock, (struct sockaddr *)&addr, sizeof(addr)) < 0)
		err(2, "%s", ifname);
	snprintf(req.ifr_name, sizeof(req.ifr_name), "%s", ifname);
	if (ioctl(sock, SIOCGIFHWADDR, &req) < 0)
		err(2, "SIOCGIFHWADDR");
	memset(frame, 0xff, ETH_ALEN);
	memcpy(frame + ETH_ALEN, req.ifr_hwaddr.sa_data, ETH_ALEN);
	memcpy(frame + 2 * ETH_ALEN, "\x08\x06\x00\x01\x08\x00\x06\x04\x00\x01", 10);
	memcpy(arp->arp_sha, req.ifr_hwaddr.sa_data, ETH_ALEN);
	memcpy(arp->arp_tpa, &target, sizeof(target));
}

static void
send_request(void)
{
	if (send(sock, frame, sizeof(frame), 0) != (ssize_t)sizeof(frame))
		err(1, "send");
}

/*
 * Receives a reply; false if no reply arrives in LOST_MS milliseconds.  Each reply costs one
 * blocking recv() call, so the comparison of the kernel's and the daemon's replies is fair.
 */
static bool
receive_reply(void)
{
	uint8_t reply[FRAME];

	return recv(sock, reply, sizeof(reply), 0) > 0;
}

static int
cmp_double(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static void
measure_latency(size_t count)
{
	double *took = calloc(count, sizeof(*took)), start;
	size_t received = 0;

	if (!took)
		err(2, "calloc");
	for (size_t i = 0; i < count; i++) {
		start = now_s();
		send_request();
		if (receive_reply())
			took[received++] = now_s() - start;
	}
	if (!received)
		errx(1, "no host replies");
	qsort(took, received, sizeof(*took), cmp_double);
	printf("%.2f %.2f %zu\n", took[received / 2] * 1e6, took[received * 99 / 100] * 1e6,
	    count - received);
	free(took);
}

static void
measure_rate(size_t count, size_t flight)
{
	size_t sent = 0, received = 0, lost = 0;
	double start = now_s();

	while (sent < count && sent < flight) {
		send_request();
		sent++;
	}
	while (received + lost < count) {
		if (!receive_reply()) {
			lost += sent - received - lost;
			if (!received)
				errx(1, "no host replies");
		} else {
			received++;
		}
		while (sent < count && sent - received - lost < flight) {
			send_request();
			sent++;
		}
	}
	printf("%.0f %zu\n", (double)received / (now_s() - start), lost);
}

/* Sends batches of requests at regular intervals; prints the number of sent requests per second. */
static void
send_storm(size_t rate, size_t seconds)
{
	struct iovec iov = { frame, sizeof(frame) };
	struct mmsghdr batch[BATCH] = { 0 };
	size_t sent = 0, total = rate * seconds;
	struct timespec at;
	double start;

	for (size_t i = 0; i < BATCH; i++)
		batch[i].msg_hdr = (struct msghdr){ .msg_iov = &iov, .msg_iovlen = 1 };
	clock_gettime(CLOCK_MONOTONIC, &at);
	start = now_s();
	while (sent < total) {
		int n = sendmmsg(sock, batch, BATCH, 0);

		if (n < 0)
			err(1, "sendmmsg");
		sent += (size_t)n;
		at.tv_nsec += (long)(1e9 * n / (double)rate);
		if (at.tv_nsec >= 1000000000L) {
			at.tv_sec++;
			at.tv_nsec -= 1000000000L;
		}
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
	}
	printf("%.0f\n", (double)sent / (now_s() - start));
}

/* Stores for each address whether a host other than @excluded_mac has sent an ARP reply for it. */
struct sweep {
	uint32_t first; /* in host byte order */
	size_t count, missing;
	uint8_t excluded_mac[ETH_ALEN];
	bool replied[SWEEP_MAX];
	double last_s;
};

static void
receive_replies(struct sweep *sweep)
{
	uint8_t reply[FRAME];
	const struct ether_arp *arp = (const struct ether_arp *)(reply + ETH_HLEN);
	uint32_t ip;

	while (recv(sock, reply, sizeof(reply), MSG_DONTWAIT) >= ETH_HLEN + (ssize_t)sizeof(*arp)) {
		memcpy(&ip, arp->arp_spa, sizeof(ip));
		ip = ntohl(ip) - sweep->first;
		if (ntohs(arp->ea_hdr.ar_op) != ARPOP_REPLY || ip >= sweep->count ||
		    memcmp(reply, frame + ETH_ALEN, ETH_ALEN) != 0 || /* an announcement */
		    memcmp(arp->arp_sha, sweep->excluded_mac, ETH_ALEN) == 0 || sweep->replied[ip])
			continue;
		sweep->replied[ip] = true;
		sweep->missing--;
		sweep->last_s = now_s();
	}
}

/* Sends SWEEP_RATE requests per second, in turn for each address that still has no reply. */
static void
send_sweep(struct sweep *sweep, double until_s)
{
	const struct timespec pause = { .tv_nsec = 1000000000L / SWEEP_RATE * BATCH };
	struct ether_arp *arp = (struct ether_arp *)(frame + ETH_HLEN);
	size_t at = 0;

	sweep->missing = sweep->count;
	while (sweep->missing && now_s() < until_s) {
		for (size_t n = 0, seen = 0; n < BATCH && seen < sweep->count; seen++) {
			at = (at + 1) % sweep->count;
			if (sweep->replied[at])
				continue;
			memcpy(arp->arp_tpa, &(uint32_t){ htonl(sweep->first + (uint32_t)at) }, 4);
			send_request();
			n++;
		}
		nanosleep(&pause, NULL);
		receive_replies(sweep);
	}
	printf("%.6f %zu\n", sweep->last_s, sweep->missing);
}

static void
prepare_sweep(struct sweep *sweep, const char *first, const char *excluded_mac)
{
	const struct ether_addr *mac = ether_aton(excluded_mac);
	struct in_addr ip;

	if (!mac || inet_pton(AF_INET, first, &ip) != 1)
		errx(2, "\"%s\" must be a MAC, and \"%s\" an IPv4 address", excluded_mac, first);
	memcpy(sweep->excluded_mac, mac, ETH_ALEN);
	sweep->first = ntohl(ip.s_addr);
	if (setsockopt(sock, SOL_SOCKET, SO_DETACH_FILTER, &(int){ 0 }, sizeof(int)) < 0)
		err(2, "SO_DETACH_FILTER");
}

static size_t
number(const char *text, size_t max)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*end || n < 1 || n > max)
		errx(2, "\"%s\" must be a number from 1 to %zu", text, max);
	return n;
}

int
main(int argc, char **argv)
{
	const char *command = argc > 1 ? argv[1] : "";

	if (argc == 6 && strcmp(command, "latency") == 0) {
		prepare(argv[2], argv[3], argv[4], true);
		measure_latency(number(argv[5], COUNT_MAX));
	} else if (argc == 7 && strcmp(command, "rate") == 0) {
		prepare(argv[2], argv[3], argv[4], true);
		measure_rate(number(argv[5], COUNT_MAX), number(argv[6], FLIGHT_MAX));
	} else if (argc == 7 && strcmp(command, "storm") == 0) {
		prepare(argv[2], argv[3], argv[4], false);
		send_storm(number(argv[5], COUNT_MAX), number(argv[6], 600));
	} else if (argc == 8 && strcmp(command, "sweep") == 0) {
		static struct sweep sweep;

		prepare(argv[2], argv[3], argv[4], true);
		prepare_sweep(&sweep, argv[4], argv[6]);
		sweep.count = number(argv[5], SWEEP_MAX);
		send_sweep(&sweep, now_s() + (double)number(argv[7], 600));
	} else {
		errx(2, "usage: arp_load latency INTERFACE SENDER ADDRESS COUNT\n"
			"       arp_load rate INTERFACE SENDER ADDRESS COUNT FLIGHT\n"
			"       arp_load storm INTERFACE SENDER ADDRESS RATE SECONDS\n"
			"       arp_load sweep INTERFACE SENDER FIRST COUNT MAC SECONDS");
	}
	return 0;
}
