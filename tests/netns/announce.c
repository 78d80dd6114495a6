/* SPDX-License-Identifier: Apache-2.0 */
/*
 * announce [--yield=MS] [--peer=MAC] INTERFACE ADDRESS... - announce the addresses on the
 * interface, whenever it exists, until SIGTERM.  Prints conflicts and errors as they occur, and at
 * the end the counters of each address and of lan_io.  The program runs a lan_io without an
 * election.
 */
#include "arplet/lan_io.h"

#include <errno.h>
#include <ev.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct announce {
	struct lan_io *lan_io;
	const char *name;
	char **addresses;
	int ifindex; /* 0: does not exist */
};

static void
for_each_address(struct announce *announce, void (*act)(struct lan_io *, const struct ip *, int))
{
	struct ip ip;

	for (char **text = announce->addresses; *text; text++) {
		if (ip_parse(*text, &ip) < 0) {
			fprintf(stderr, "announce: %s is not an address\n", *text);
			exit(2);
		}
		act(announce->lan_io, &ip, announce->ifindex);
	}
}

static void
on_links(void *arg)
{
	struct announce *announce = arg;
	size_t n;
	const struct link *links = lan_io_links(announce->lan_io, &n);
	int ifindex = 0;

	for (size_t i = 0; i < n; i++) {
		if (strcmp(links[i].name, announce->name) == 0)
			ifindex = links[i].ifindex;
	}
	if (ifindex == announce->ifindex)
		return;
	if (announce->ifindex)
		for_each_address(announce, lan_io_remove);
	announce->ifindex = ifindex;
	if (ifindex)
		for_each_address(announce, lan_io_add);
}

static void
on_conflict(void *arg, const struct link *link, const struct ip *ip, enum ann_conflict conflict,
    const struct mac *other)
{
	static const char *const names[CONFLICTS] = { "over", "defended", "yielded", "kernel" };
	char text[IP_TEXT_MAX], mac[MAC_TEXT_MAX];

	(void)arg;
	printf("%s %s %s %s\n", names[conflict], link->name, ip_format(ip, text),
	    mac_format(other, mac));
}

static void
on_error(void *arg, const char *what, int error)
{
	(void)arg;
	printf("error %s: %s\n", what, strerror(error));
}

static void
on_sigterm(struct ev_loop *loop, ev_signal *w, int revents)
{
	(void)w, (void)revents;
	ev_break(loop, EVBREAK_ALL);
}

static void
print_address(void *arg, const struct ann_status *a)
{
	static const char *const states[ANN_STATES] = { "elected", "claiming", "holding",
		"yielded", "probing" };
	char text[IP_TEXT_MAX];

	(void)arg;
	printf("address %s %s requests=%llu answers=%llu gratuitous=%llu conflicts=%llu\n",
	    ip_format(&a->ip, text), states[a->state], (unsigned long long)a->requests,
	    (unsigned long long)a->answers, (unsigned long long)a->gratuitous,
	    (unsigned long long)a->conflicts);
}

/* Reads the options; returns the remaining arguments, the first of which is the interface. */
static char **
read_options(char **argv, struct announcer_opts *opts, struct mac *peer)
{
	unsigned int b[6];

	for (; *argv && strncmp(*argv, "--", 2) == 0; argv++) {
		if (sscanf(*argv, "--yield=%" SCNd64, &opts->yield_ms) == 1) {
			opts->policy = POLICY_YIELD;
		} else if (sscanf(*argv, "--peer=%x:%x:%x:%x:%x:%x", &b[0], &b[1], &b[2], &b[3],
			       &b[4], &b[5]) == 6) {
			for (int i = 0; i < 6; i++)
				peer->b[i] = (uint8_t)b[i];
		}
	}
	return argv;
}

int
main(int argc, char **argv)
{
	static const struct lan_io_ops ops = { .on_links = on_links, .on_conflict = on_conflict,
		.on_error = on_error };
	struct ev_loop *loop = ev_default_loop(EVFLAG_AUTO);
	struct announcer_opts opts = ANNOUNCER_DEFAULTS;
	struct mac peer = { { 0 } };
	char **args = read_options(argv + 1, &opts, &peer);
	struct announce announce = { .name = args[0] };
	struct lan_io_stats stats;
	ev_signal sigterm;
	int rc;

	if (argc < 3 || !args[0] || !args[1]) {
		fprintf(stderr, "usage: announce [--yield=MS] [--peer=MAC] INTERFACE ADDRESS...\n");
		return 2;
	}
	announce.addresses = args + 1;
	setvbuf(stdout, NULL, _IOLBF, 0);
	rc = lan_io_new(loop, &ops, &announce, &(struct lan_io_opts){ .announcer = opts },
	    &announce.lan_io);
	if (rc < 0) {
		fprintf(stderr, "announce: cannot read the interfaces: %s\n", strerror(-rc));
		return 1;
	}
	if (mac_is_host(&peer))
		lan_io_set_peer(announce.lan_io, &peer, true);
	on_links(&announce);
	ev_signal_init(&sigterm, on_sigterm, SIGTERM);
	ev_signal_start(loop, &sigterm);
	ev_run(loop, 0);
	announcer_each(lan_io_announcer(announce.lan_io), print_address, NULL);
	lan_io_stats(announce.lan_io, &stats);
	printf("port received=%llu bad=%llu unsent=%llu sockets=%u\n",
	    (unsigned long long)stats.received, (unsigned long long)stats.bad,
	    (unsigned long long)stats.unsent, stats.sockets);
	lan_io_free(announce.lan_io);
	ev_signal_stop(loop, &sigterm);
	ev_loop_destroy(loop);
	return 0;
}
