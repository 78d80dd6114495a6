/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hold [--yield=MS] [--fellow=MAC] INTERFACE ADDRESS... - announce the addresses on the interface,
 * now and whenever it comes back, until SIGTERM.  Then print a line for each address, and one for
 * the port.  A port with nothing above it, for tests and measurements.
 */
#include "arplet/port.h"

#include <errno.h>
#include <ev.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct hold {
	struct port *port;
	const char *name;
	char **addresses;
	int ifindex; /* 0: not there */
};

static void
hold_all(struct hold *hold, void (*act)(struct port *, const struct ip *, int))
{
	struct ip ip;

	for (char **text = hold->addresses; *text; text++) {
		if (ip_parse(*text, &ip) < 0) {
			fprintf(stderr, "hold: %s is not an address\n", *text);
			exit(2);
		}
		act(hold->port, &ip, hold->ifindex);
	}
}

static void
on_links(void *arg)
{
	struct hold *hold = arg;
	size_t n;
	const struct link *links = port_links(hold->port, &n);
	int ifindex = 0;

	for (size_t i = 0; i < n; i++) {
		if (strcmp(links[i].name, hold->name) == 0)
			ifindex = links[i].ifindex;
	}
	if (ifindex == hold->ifindex)
		return;
	if (hold->ifindex)
		hold_all(hold, port_remove);
	hold->ifindex = ifindex;
	if (ifindex)
		hold_all(hold, port_add);
}

static void
on_conflict(void *arg, const struct link *link, const struct ip *ip, enum ann_conflict trouble,
    const struct mac *other)
{
	static const char *const names[CONFLICTS] = { "over", "rival", "yield", "kernel" };
	char text[IP_TEXT_MAX], mac[MAC_TEXT_MAX];

	(void)arg;
	printf("%s %s %s %s\n", names[trouble], link->name, ip_format(ip, text),
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

/* Takes the options out of @argv; what is left begins with the interface. */
static char **
take_options(char **argv, struct announcer_opts *opts, struct mac *is_peer)
{
	unsigned int b[6];

	for (; *argv && strncmp(*argv, "--", 2) == 0; argv++) {
		if (sscanf(*argv, "--yield=%" SCNd64, &opts->yield_ms) == 1) {
			opts->policy = POLICY_YIELD;
		} else if (sscanf(*argv, "--fellow=%x:%x:%x:%x:%x:%x", &b[0], &b[1], &b[2], &b[3],
			       &b[4], &b[5]) == 6) {
			for (int i = 0; i < 6; i++)
				is_peer->b[i] = (uint8_t)b[i];
		}
	}
	return argv;
}

int
main(int argc, char **argv)
{
	static const struct port_ops ops = { .on_links = on_links, .on_conflict = on_conflict,
		.on_error = on_error };
	struct ev_loop *loop = ev_default_loop(EVFLAG_AUTO);
	struct announcer_opts opts = ANNOUNCER_DEFAULTS;
	struct mac is_peer = { { 0 } };
	char **args = take_options(argv + 1, &opts, &is_peer);
	struct hold hold = { .name = args[0] };
	struct port_stats stats;
	ev_signal sigterm;
	int rc;

	if (argc < 3 || !args[0] || !args[1]) {
		fprintf(stderr, "usage: hold INTERFACE ADDRESS...\n");
		return 2;
	}
	hold.addresses = args + 1;
	setvbuf(stdout, NULL, _IOLBF, 0);
	rc = port_new(loop, &ops, &hold, &(struct port_opts){ .announcer = opts },
	    &hold.port);
	if (rc < 0) {
		fprintf(stderr, "hold: cannot read the interfaces: %s\n", strerror(-rc));
		return 1;
	}
	if (mac_is_host(&is_peer))
		port_set_peer(hold.port, &is_peer, true);
	on_links(&hold);
	ev_signal_init(&sigterm, on_sigterm, SIGTERM);
	ev_signal_start(loop, &sigterm);
	ev_run(loop, 0);
	announcer_each(port_announcer(hold.port), print_address, NULL);
	port_stats(hold.port, &stats);
	printf("port received=%llu bad=%llu unsent=%llu sockets=%u\n",
	    (unsigned long long)stats.received, (unsigned long long)stats.bad,
	    (unsigned long long)stats.unsent, stats.sockets);
	port_free(hold.port);
	ev_signal_stop(loop, &sigterm);
	ev_loop_destroy(loop);
	return 0;
}
