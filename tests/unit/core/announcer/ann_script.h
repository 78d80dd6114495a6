/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ANN_SCRIPT_H
#define ANN_SCRIPT_H

#include "arplet/announcer.h"

/*
 * A script of events on links 1 and 2 with the addresses 10.0.0.N and fd00::N, and a log of what
 * the announcer does.  Link L has the MAC 02:00:00:00:00:0L and the address fe80::L.  In the log:
 *   "5 1:round.9"        at 5 ms, on link 1: a gratuitous request, then the reply, for 10.0.0.9
 *   "5 1:probe.9"        a probe for 10.0.0.9; logged only after start_with_probes()
 *   "5 1:defend.9"       an ARP announcement of 10.0.0.9
 *   "5 1:round:9"        an unsolicited NA for fd00::9, from the link's link-local address
 *   "5 1:round:9!"       the same, from fd00::9 itself
 *   "5 1:answer.9>03"    an answer for 10.0.0.9 to MAC 03; "answer:9": a solicited NA for fd00::9
 *   "5 1:defended.9<03"  on_conflict: CONFLICT_DEFENDED about MAC 03; or yielded, kernel, over
 * MAC 03 stands for 02:00:00:00:00:03, and so on.
 */
enum event {
	END,
	UP,       /* @link exists and is up */
	DOWN,     /* @link exists and is down */
	GONE,     /* @link is deleted */
	MAC,      /* @link is up and has MAC @n */
	ADD,      /* 10.0.0.@n on @link */
	REMOVE,   /* 10.0.0.@n */
	ADD6,     /* fd00::@n on @link */
	REMOVE6,
	UP_NO_LINK_LOCAL,  /* like UP, but @link has no link-local address */
	SOCKET_CLOSED,     /* @link has no socket for IPv4 */
	SOCKET_OPEN,
	SOCKET6_CLOSED,    /* @link has no socket for IPv6 */
	SOCKET6_OPEN,
	REQUEST6,     /* fd00::c8 at MAC 03 sends an NS for fd00::@n */
	PROBE6,   /* MAC 03 probes fd00::@n */
	CLAIM6,   /* MAC 03 sends an unsolicited NA for fd00::@n */
	ECHO6,    /* link 1's own NA for fd00::@n is received on @link */
	REQUEST,      /* MAC 03 sends an ARP request for 10.0.0.@n to all */
	PROBE,    /* MAC 03 probes 10.0.0.@n */
	CLAIM,    /* MAC 03 claims 10.0.0.@n */
	ECHO,     /* link 1's own claim of 10.0.0.@n is received on @link */
	REPEATED, /* link 1's own claim of 10.0.0.@n, sent again by MAC 03 */
	RELAYED,  /* MAC 03's claim of 10.0.0.@n, sent again by link 1 */
	ANSWER,   /* MAC 03 answers our probe of 10.0.0.@n */
	ANSWER6,
	PEER,   /* MAC 03 is a peer (@n is 1) or not (0) */
	REANNOUNCE,  /* a partition has ended, and this node holds 10.0.0.@n */
	ALONE,   /* this node is alone (@n is 1) or not (0) */
	SEND_FAILS, /* the kernel sends no frames from now on */
};

extern struct ann_script {
	struct announcer *a;
	int64_t now_ms;
	char log[4096];
	bool alone;    /* this node hears no peer */
	bool send_fails;    /* the kernel sends no frames */
	enum ann_policy policy;
	bool log_probes;    /* probes are logged */
	int request_on; /* link of a gratuitous request whose reply has to follow */
	uint8_t request_n;
} lan;

/* start - make a new announcer at 0 ms, and an empty log; announcer_free(lan.a) frees it. */
void start(void);
/* start_with_probes - make a new announcer with a policy, and log probes. */
void start_with_probes(enum ann_policy policy);
void apply(enum event event, int ifindex, uint8_t n);

/*
 * run_script - apply the events up to END, run until @until_ms, compare the log with @want, and
 * free the announcer.
 */
struct ann_step {
	int64_t at_ms;
	enum event event;
	int link;
	uint8_t n;
};
void run_script(const struct ann_step *script, int64_t until_ms, const char *want);

/* run_until - run announcer_tick() whenever it is due before @until_ms. */
void run_until(int64_t until_ms);

#endif
