/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ANN_SCRIPT_H
#define ANN_SCRIPT_H

#include "arplet/announcer.h"

/*
 * Runs an announcer with a script of events.  The events use the links 1 and 2, and the addresses
 * 10.0.0.N and fd00::N.  Link L has the MAC 02:00:00:00:00:0L and the address fe80::L.  The log
 * lists what the announcer does:
 *   "5 1:round.9"        at 5 ms, on link 1: a gratuitous request, then the reply, for 10.0.0.9
 *   "5 1:probe.9"        a probe for 10.0.0.9; logged only after start_with_probes()
 *   "5 1:defend.9"       an ARP announcement of 10.0.0.9
 *   "5 1:round:9"        an unsolicited NA for fd00::9, from the link's link-local address
 *   "5 1:round:9!"       the same, from fd00::9 itself
 *   "5 1:answer.9>03"    an answer for 10.0.0.9 to MAC 03; "answer:9": a solicited NA for fd00::9
 *   "5 1:defended.9<03"  on_conflict() with CONFLICT_DEFENDED and MAC 03; the other values of
 *                        enum ann_conflict: "yielded", "kernel", "over"
 * In the log and below, "MAC 03" stands for the MAC address 02:00:00:00:00:03.
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
	UP_NO_LINK_LOCAL,  /* @link is up, but has no link-local address */
	SOCKET_CLOSED,     /* @link has no socket for IPv4 */
	SOCKET_OPEN,
	SOCKET6_CLOSED,    /* @link has no socket for IPv6 */
	SOCKET6_OPEN,
	REQUEST6,     /* fd00::c8 at MAC 03 sends an NS for fd00::@n */
	PROBE6,   /* MAC 03 probes fd00::@n */
	CLAIM6,   /* MAC 03 sends an unsolicited NA for fd00::@n */
	ECHO6,    /* @link receives the NA for fd00::@n that this node sent on link 1 */
	REQUEST,      /* MAC 03 broadcasts an ARP request for 10.0.0.@n */
	PROBE,    /* MAC 03 probes 10.0.0.@n */
	CLAIM,    /* MAC 03 claims 10.0.0.@n */
	ECHO,     /* @link receives the claim of 10.0.0.@n that this node sent on link 1 */
	REPEATED, /* a claim by link 1 of 10.0.0.@n, in a frame whose Ethernet source is MAC 03 */
	RELAYED,  /* a claim by MAC 03 of 10.0.0.@n, in a frame whose Ethernet source is link 1 */
	ANSWER,   /* MAC 03 answers this node's probe of 10.0.0.@n */
	ANSWER6,
	PEER,   /* @n = 1: from now on, MAC 03 belongs to a peer; 0: it does not */
	REANNOUNCE,  /* the election reports that a partition ended; this node holds 10.0.0.@n */
	ALONE,   /* @n = 1: from now on, this node hears no peer; 0: it hears a peer */
	/* @n = 1: from now on, MAC 03 is a proxy host, and its conflicts on @link end; 0: it is not */
	PROXY,
	PEER_HOLDS, /* @n = 1: from now on, hellos of MAC 03 list each address as held; 0: none */
	SEND_FAILS, /* from now on, the kernel refuses to send frames */
};

extern struct ann_script {
	struct announcer *a;
	int64_t now_ms;
	char log[4096];
	bool alone;    /* this node receives hellos of no peer */
	bool peer_holds;    /* hellos of MAC 03 list each address */
	bool proxy;         /* MAC 03 is a proxy host */
	bool send_fails;    /* the kernel refuses to send frames */
	enum ann_policy policy;
	bool log_probes;    /* probes are logged */
	int request_on; /* link of a gratuitous request whose gratuitous reply is not sent yet */
	uint8_t request_n;
} lan;

/* start - make a new announcer lan.a, and an empty log.  announcer_free(lan.a) frees lan.a. */
void start(void);
/* start_with_probes - make a new announcer with a conflict policy; the log lists probes too. */
void start_with_probes(enum ann_policy policy);
void apply(enum event event, int ifindex, uint8_t n);

/*
 * run_script - apply the events of @script up to END, and run until @until_ms.  Then compare the
 * log with @want, and free the announcer.
 */
struct ann_step {
	int64_t at_ms;
	enum event event;
	int link;
	uint8_t n;
};
void run_script(const struct ann_step *script, int64_t until_ms, const char *want);

/* run_until - let the time pass until @until_ms; call announcer_tick() whenever it is due. */
void run_until(int64_t until_ms);

#endif
