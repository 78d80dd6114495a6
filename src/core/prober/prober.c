/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/prober.h"
#include "arplet/arena.h"

#include <bsd/sys/queue.h>
#include <bsd/sys/tree.h>
#include <stdlib.h>

struct probe_link {
	int ifindex;
	struct mac mac;
};

/* An address in the probe plan: the prober finds out whether a host uses the address. */
struct probed {
	RB_ENTRY(probed) by_ip, by_time;
	TAILQ_ENTRY(probed) in_unanswered;
	struct ip ip;
	struct probe_link links[PROBER_LINKS_MAX];
	size_t n_links;
	bool planned;         /* added since prober_plan_begin() */
	unsigned int sent;    /* probes sent, 0 to PROBER_PROBES */
	int64_t due_ms;       /* when the next probe or the next series is due */
	bool unanswered;      /* the address has no result yet, and is in prober.unanswered */
	int64_t free_at_ms;   /* when the address counts as free if no host answers */
	bool answered;        /* a host has answered this series of probes */
	bool reported;        /* the prober has reported a result */
	bool reported_used;   /* the last result that the prober reported was "in use" */
	struct mac mac;       /* the host that uses the address */
};
RB_HEAD(probed_tree, probed);
RB_HEAD(probed_schedule, probed);

struct prober {
	const struct prober_ops *ops;
	void *arg;
	struct probed_tree by_ip;
	struct probed_schedule by_time;
	TAILQ_HEAD(, probed) unanswered; /* sorted by free_at_ms */
	int64_t pace_from_ms;            /* start of the current PROBER_PACE_MS */
	unsigned int pace_left;          /* probes left in the current PROBER_PACE_MS */
};

static int
cmp_ip(const struct probed *a, const struct probed *b)
{
	return ip_cmp(&a->ip, &b->ip);
}

static int
cmp_time(const struct probed *a, const struct probed *b)
{
	if (a->due_ms != b->due_ms)
		return a->due_ms < b->due_ms ? -1 : 1;
	return cmp_ip(a, b);
}
RB_PROTOTYPE(probed_tree, probed, by_ip, cmp_ip)
RB_GENERATE(probed_tree, probed, by_ip, cmp_ip)
RB_PROTOTYPE(probed_schedule, probed, by_time, cmp_time)
RB_GENERATE(probed_schedule, probed, by_time, cmp_time)

static struct probed *
find(const struct prober *p, const struct ip *ip)
{
	struct probed key = { .ip = *ip };

	return RB_FIND(probed_tree, (struct probed_tree *)&p->by_ip, &key);
}

static void
set_due(struct prober *p, struct probed *e, int64_t due_ms)
{
	RB_REMOVE(probed_schedule, &p->by_time, e);
	e->due_ms = due_ms;
	RB_INSERT(probed_schedule, &p->by_time, e);
}

static void
set_unanswered(struct prober *p, struct probed *e, bool unanswered)
{
	if (e->unanswered == unanswered)
		return;
	e->unanswered = unanswered;
	if (unanswered)
		TAILQ_INSERT_TAIL(&p->unanswered, e, in_unanswered);
	else
		TAILQ_REMOVE(&p->unanswered, e, in_unanswered);
}

static void
drop(struct prober *p, struct probed *e)
{
	set_unanswered(p, e, false);
	RB_REMOVE(probed_tree, &p->by_ip, e);
	RB_REMOVE(probed_schedule, &p->by_time, e);
	free(e);
}

struct prober *
prober_new(const struct prober_ops *ops, void *arg)
{
	struct prober *p = xcalloc(1, sizeof(*p));

	p->ops = ops;
	p->arg = arg;
	TAILQ_INIT(&p->unanswered);
	return p;
}

void
prober_free(struct prober *p)
{
	struct probed *e;

	while (p && (e = RB_ROOT(&p->by_ip)))
		drop(p, e);
	free(p);
}

void
prober_plan_begin(struct prober *p)
{
	struct probed *e;

	RB_FOREACH(e, probed_tree, &p->by_ip)
		e->planned = false;
}

void
prober_plan_add(struct prober *p, const struct ip *ip, const struct link *const *links, size_t n,
    int64_t now_ms)
{
	struct probed *e = find(p, ip);

	if (!e) {
		e = xcalloc(1, sizeof(*e));
		e->ip = *ip;
		e->due_ms = now_ms;
		RB_INSERT(probed_tree, &p->by_ip, e);
		RB_INSERT(probed_schedule, &p->by_time, e);
	}
	e->planned = true;
	for (e->n_links = 0; e->n_links < n && e->n_links < PROBER_LINKS_MAX; e->n_links++)
		e->links[e->n_links] =
		    (struct probe_link){ links[e->n_links]->ifindex, links[e->n_links]->mac };
}

void
prober_plan_end(struct prober *p)
{
	struct probed *e, *next;

	RB_FOREACH_SAFE(e, probed_tree, &p->by_ip, next) {
		if (!e->planned)
			drop(p, e);
	}
}

static void
report(struct prober *p, struct probed *e, bool used)
{
	if (e->reported && e->reported_used == used)
		return;
	e->reported = true;
	e->reported_used = used;
	p->ops->on_result(p->arg, &e->ip, used ? &e->mac : NULL);
}

void
prober_on_claim(struct prober *p, const struct ip *ip, const struct mac *mac)
{
	struct probed *e = find(p, ip);

	if (!e)
		return;
	e->answered = true;
	e->mac = *mac;
	report(p, e, true);
}

bool
prober_has(const struct prober *p, const struct ip *ip)
{
	return find(p, ip);
}

void
prober_forget(struct prober *p, uint8_t family, const struct mac *mac, int64_t now_ms)
{
	struct probed *e;

	RB_FOREACH(e, probed_tree, &p->by_ip) {
		if (e->ip.family != family || (mac && !(e->answered && mac_equal(&e->mac, mac))))
			continue;
		set_unanswered(p, e, false);
		e->answered = e->reported = false;
		e->sent = 0;
		set_due(p, e, now_ms);
	}
}

static void
send_probe(const struct prober *p, const struct probed *e)
{
	uint8_t frame[NDP_FRAME_MAX];

	for (size_t i = 0; i < e->n_links; i++) {
		size_t len = ARP_FRAME_LEN;

		if (e->ip.family == IPV6) {
			struct ndp ndp = ndp_probe(&e->links[i].mac, &e->ip);

			len = ndp_build(&ndp, frame);
		} else {
			struct arp arp = arp_notice(ARP_PROBE, &e->links[i].mac, &e->ip);

			arp_build(&arp, frame);
		}
		(void)p->ops->send(p->arg, e->links[i].ifindex, e->ip.family, frame, len);
	}
}

/* Sends the next probe of the series, or ends the series if all probes were sent. */
static void
step(struct prober *p, struct probed *e, int64_t now_ms)
{
	if (e->sent == 0)
		e->answered = false;
	else if (!e->answered && e->sent == PROBER_PROBES)
		report(p, e, false);
	if (e->sent < PROBER_PROBES) {
		send_probe(p, e);
		if (!e->reported) {
			set_unanswered(p, e, true);
			e->free_at_ms = e->sent ? e->free_at_ms : now_ms + PROBER_SILENCE_MS;
		}
		e->sent++;
		p->pace_left--;
		set_due(p, e, now_ms + PROBER_SILENCE_MS);
	} else {
		e->sent = 0;
		set_due(p, e, now_ms + PROBER_VALID_MS);
	}
}

int64_t
prober_next_ms(const struct prober *p)
{
	const struct probed *e = RB_MIN(probed_schedule, (struct probed_schedule *)&p->by_time);
	const struct probed *first = TAILQ_FIRST(&p->unanswered);
	int64_t due_ms = e ? e->due_ms : INT64_MAX;

	if (e && !p->pace_left && due_ms < p->pace_from_ms + PROBER_PACE_MS)
		due_ms = p->pace_from_ms + PROBER_PACE_MS;
	return first && first->free_at_ms < due_ms ? first->free_at_ms : due_ms;
}

void
prober_tick(struct prober *p, int64_t now_ms)
{
	struct probed *e;

	/* Report results in time, even if the rate limit delays other probes. */
	while ((e = TAILQ_FIRST(&p->unanswered)) && e->free_at_ms <= now_ms) {
		set_unanswered(p, e, false);
		if (!e->answered)
			report(p, e, false);
	}
	if (now_ms >= p->pace_from_ms + PROBER_PACE_MS) {
		p->pace_from_ms = now_ms;
		p->pace_left = PROBER_PACE_FRAMES;
	}
	while (p->pace_left && (e = RB_MIN(probed_schedule, &p->by_time)) && e->due_ms <= now_ms)
		step(p, e, now_ms);
}

size_t
prober_addresses(const struct prober *p, int ifindex, uint8_t family, struct ip *ret_ips,
    size_t max)
{
	struct probed *e;
	size_t n = 0;

	RB_FOREACH(e, probed_tree, (struct probed_tree *)&p->by_ip) {
		size_t i = 0;

		while (i < e->n_links && e->links[i].ifindex != ifindex)
			i++;
		if (i == e->n_links || e->ip.family != family)
			continue;
		if (n < max)
			ret_ips[n] = e->ip;
		n++;
	}
	return n;
}
