/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asks by ARP, as a host on the LAN does, and measures the answers.
 *
 *	ask latency INTERFACE SENDER ADDRESS COUNT         one after another: p50 and p99, in us
 *	ask rate INTERFACE SENDER ADDRESS COUNT FLIGHT     FLIGHT on their way: answers a second
 *	ask storm INTERFACE SENDER ADDRESS RATE SECONDS    RATE a second, answers are not heard
 *	ask sweep INTERFACE SENDER FIRST COUNT MAC SECONDS for COUNT addresses from FIRST on, until
 *	                                                   each was answered for by another than MAC
 *	                                                   or SECONDS are over: when the last one was
 *	                                                   (CLOCK_MONOTONIC), and how many were not
 *
 * SENDER is the IPv4 address that asks.  Questions are broadcast.  Each command prints its figures
 * in one line, and how many questions got no answer within LOST_MS.
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

/* Only replies about @target, in network byte order, come through: the kernel counts no others. */
static void
hear_only(uint32_t target)
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

/* The socket, and the frame that it sends: who has @address? tell @sender. */
static void
prepare(const char *ifname, const char *sender, const char *address, bool hear)
{
	struct sockaddr_ll here = { .sll_family = AF_PACKET,
		.sll_protocol = hear ? htons(ETH_P_ARP) : 0,
		.sll_ifindex = (int)if_nametoindex(ifname) };
	struct ether_arp *arp = (struct ether_arp *)(frame + ETH_HLEN);
	const struct timeval lost = { .tv_usec = LOST_MS * 1000 };
	struct ifreq req = { 0 };
	uint32_t target;

	sock = socket(AF_PACKET, SOCK_RAW, 0);
	if (sock < 0)
		err(2, "socket");
	if (inet_pton(AF_INET, address, &target) != 1 || inet_pton(AF_INET, sender, arp->arp_spa) != 1)
		errx(2, "%s and %s are to be IPv4 addresses", sender, address);
	hear_only(target);
	if (setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &lost, sizeof(lost)) < 0)
		err(2, "SO_RCVTIMEO");
	if (!here.sll_ifindex || bind(sock, (struct sockaddr *)&here, sizeof(here)) < 0)
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
ask(void)
{
	if (send(sock, frame, sizeof(frame), 0) != (ssize_t)sizeof(frame))
		err(1, "send");
}

/*
 * False: none came in time.  One call, whether the answer is there already, as a kernel's is, or
 * has to be waited for: whoever answers, the same work is measured.
 */
static bool
hear(void)
{
	uint8_t answer[FRAME];

	return recv(sock, answer, sizeof(answer), 0) > 0;
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
	size_t heard = 0;

	if (!took)
		err(2, "calloc");
	for (size_t i = 0; i < count; i++) {
		start = now_s();
		ask();
		if (hear())
			took[heard++] = now_s() - start;
	}
	if (!heard)
		errx(1, "nobody answers");
	qsort(took, heard, sizeof(*took), cmp_double);
	printf("%.2f %.2f %zu\n", took[heard / 2] * 1e6, took[heard * 99 / 100] * 1e6,
	    count - heard);
	free(took);
}

static void
measure_rate(size_t count, size_t flight)
{
	size_t sent = 0, heard = 0, lost = 0;
	double start = now_s();

	while (sent < count && sent < flight) {
		ask();
		sent++;
	}
	while (heard + lost < count) {
		if (!hear()) {
			lost += sent - heard - lost;
			if (!heard)
				errx(1, "nobody answers");
		} else {
			heard++;
		}
		while (sent < count && sent - heard - lost < flight) {
			ask();
			sent++;
		}
	}
	printf("%.0f %zu\n", (double)heard / (now_s() - start), lost);
}

/* Sends in batches, spread evenly; prints the rate that was reached. */
static void
make_storm(size_t rate, size_t seconds)
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

/* Which addresses were answered for by another than whom @but says. */
struct sweep {
	uint32_t first; /* in host byte order */
	size_t count, missing;
	uint8_t but[ETH_ALEN];
	bool answered[SWEEP_MAX];
	double last_s;
};

static void
hear_answers(struct sweep *sweep)
{
	uint8_t answer[FRAME];
	const struct ether_arp *arp = (const struct ether_arp *)(answer + ETH_HLEN);
	uint32_t ip;

	while (recv(sock, answer, sizeof(answer), MSG_DONTWAIT) >= ETH_HLEN + (ssize_t)sizeof(*arp)) {
		memcpy(&ip, arp->arp_spa, sizeof(ip));
		ip = ntohl(ip) - sweep->first;
		if (ntohs(arp->ea_hdr.ar_op) != ARPOP_REPLY || ip >= sweep->count ||
		    memcmp(answer, frame + ETH_ALEN, ETH_ALEN) != 0 || /* to all: no answer */
		    memcmp(arp->arp_sha, sweep->but, ETH_ALEN) == 0 || sweep->answered[ip])
			continue;
		sweep->answered[ip] = true;
		sweep->missing--;
		sweep->last_s = now_s();
	}
}

/* Asks SWEEP_RATE a second; as long as there are many to ask for, each of them less often. */
static void
make_sweep(struct sweep *sweep, double until_s)
{
	const struct timespec pause = { .tv_nsec = 1000000000L / SWEEP_RATE * BATCH };
	struct ether_arp *arp = (struct ether_arp *)(frame + ETH_HLEN);
	size_t at = 0;

	sweep->missing = sweep->count;
	while (sweep->missing && now_s() < until_s) {
		for (size_t n = 0, seen = 0; n < BATCH && seen < sweep->count; seen++) {
			at = (at + 1) % sweep->count;
			if (sweep->answered[at])
				continue;
			memcpy(arp->arp_tpa, &(uint32_t){ htonl(sweep->first + (uint32_t)at) }, 4);
			ask();
			n++;
		}
		nanosleep(&pause, NULL);
		hear_answers(sweep);
	}
	printf("%.6f %zu\n", sweep->last_s, sweep->missing);
}

static void
prepare_sweep(struct sweep *sweep, const char *first, const char *but)
{
	const struct ether_addr *mac = ether_aton(but);
	struct in_addr ip;

	if (!mac || inet_pton(AF_INET, first, &ip) != 1)
		errx(2, "\"%s\" is to be a MAC, and \"%s\" an address", but, first);
	memcpy(sweep->but, mac, ETH_ALEN);
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
		errx(2, "\"%s\" is to be a number from 1 to %zu", text, max);
	return n;
}

int
main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (argc == 6 && strcmp(what, "latency") == 0) {
		prepare(argv[2], argv[3], argv[4], true);
		measure_latency(number(argv[5], COUNT_MAX));
	} else if (argc == 7 && strcmp(what, "rate") == 0) {
		prepare(argv[2], argv[3], argv[4], true);
		measure_rate(number(argv[5], COUNT_MAX), number(argv[6], FLIGHT_MAX));
	} else if (argc == 7 && strcmp(what, "storm") == 0) {
		prepare(argv[2], argv[3], argv[4], false);
		make_storm(number(argv[5], COUNT_MAX), number(argv[6], 600));
	} else if (argc == 8 && strcmp(what, "sweep") == 0) {
		static struct sweep sweep;

		prepare(argv[2], argv[3], argv[4], true);
		prepare_sweep(&sweep, argv[4], argv[6]);
		sweep.count = number(argv[5], SWEEP_MAX);
		make_sweep(&sweep, now_s() + (double)number(argv[7], 600));
	} else {
		errx(2, "usage: ask latency INTERFACE SENDER ADDRESS COUNT\n"
			"       ask rate INTERFACE SENDER ADDRESS COUNT FLIGHT\n"
			"       ask storm INTERFACE SENDER ADDRESS RATE SECONDS\n"
			"       ask sweep INTERFACE SENDER FIRST COUNT MAC SECONDS");
	}
	return 0;
}
