/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LAN_SCRIPT_H
#define LAN_SCRIPT_H

#include "arplet/announcer.h"

/*
 * A script of what happens to links 1 and 2 and to the addresses 10.0.0.N and fd00::N, and the log
 * of what the announcer does.  Link L has the MAC 02:00:00:00:00:0L and the address fe80::L.  In
 * the log:
 *   "5 1:round.9"       at 5 ms, on link 1: a gratuitous request, then the reply, for 10.0.0.9
 *   "5 1:ask.9"         a probe for it; written where start_asking() began the script
 *   "5 1:defend.9"      an announcement of it
 *   "5 1:round:9"       an unsolicited advertisement for fd00::9, from the link's own address
 *   "5 1:round:9!"      the same, from the address itself
 *   "5 1:answer.9>03"   an answer to the MAC that ends in 03; "answer:9" is solicited, for fd00::9
 *   "5 1:rival.9<03"    it is told that this MAC claims it, too; or yield, kernel, over
 */
enum what {
	END,
	UP,       /* link @link is there and up */
	DOWN,     /* it is there and down */
	GONE,     /* it is deleted */
	MAC,      /* it is up and its MAC ends in @n */
	ADD,      /* address @n on @link */
	REMOVE,   /* address @n */
	ADD6,     /* fd00::@n on @link */
	REMOVE6,
	UP_BARE,  /* like UP, but the link has no address of its own */
	DEAF,     /* no IPv4 frames on @link until HEARS */
	HEARS,
	DEAF6,    /* no IPv6 frames */
	HEARS6,
	ASK6,     /* fd00::c8 at MAC 03 asks for fd00::@n */
	PROBE6,   /* MAC 03 probes for it */
	CLAIM6,   /* MAC 03 advertises it */
	ECHO6,    /* our own advertisement of it, from link 1's MAC, comes in on @link */
	ASK,      /* MAC 03 asks everyone on @link for address @n */
	PROBE,    /* MAC 03 probes for it */
	CLAIM,    /* MAC 03 claims it */
	ECHO,     /* our own claim of it, from link 1's MAC, comes in on @link */
	REPEATED, /* the same, sent on by MAC 03, as repeaters do */
	RELAYED,  /* MAC 03's claim of it comes in from link 1's MAC, as through a bridge of ours */
	ANSWER,   /* MAC 03 answers a question about it, as its kernel does */
	ANSWER6,
	FELLOW,   /* MAC 03 is a fellow node, or (@n is 0) is one no more */
	REMIND,  /* a cut of the link has ended, and address @n was held all the time */
	LONELY,   /* this node hears no fellow on its links (@n), or does again (0) */
	NO_FRAME, /* the kernel takes no frames until further notice */
};

extern struct lan_script {
	struct announcer *a;
	int64_t now_ms;
	char log[4096];
	bool lonely;    /* no fellow is heard */
	bool refuse;    /* the kernel takes no frames */
	enum ann_policy policy;
	bool asking;    /* probes are written, too */
	int request_on; /* a gratuitous request went out on this link; its reply must follow */
	uint8_t request_n;
} lan;

/* start - a new announcer at 0 ms, and an empty log; announcer_free(lan.a) ends it. */
void start(void);
/* start_asking - the same, of a script about quarrels, with this policy. */
void start_asking(enum ann_policy policy);
void happen(enum what what, int ifindex, uint8_t n);

/*
 * tell - what happens and when, up to END and then to @until_ms; @want is the log.  Ends the
 * script.
 */
struct lan_step {
	int64_t at_ms;
	enum what what;
	int link;
	uint8_t n;
};
void tell(const struct lan_step *script, int64_t until_ms, const char *want);

/* run_until - tick when the announcer asks for it, never earlier, up to and without @until_ms. */
void run_until(int64_t until_ms);

#endif
