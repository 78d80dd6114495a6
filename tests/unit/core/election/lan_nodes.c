/* SPDX-License-Identifier: Apache-2.0 */
#include "lan_nodes.h"
#include "arplet/arena.h"
#include "arplet/rank.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct ip
ip_of(const char *text)
{
	struct ip ip;

	assert_int_equal(ip_parse(text, &ip), 0);
	return ip;
}

static void
record(struct tape **tape, const uint8_t *bytes, size_t len, int64_t at_ms)
{
	if (!*tape)
		*tape = xcalloc(1, sizeof(**tape));
	if ((*tape)->n == COUNT((*tape)->frames))
		return;
	memcpy((*tape)->frames[(*tape)->n].bytes, bytes, len);
	(*tape)->frames[(*tape)->n].at_ms = at_ms;
	(*tape)->frames[(*tape)->n++].len = len;
}

/*
 * A recording, or a hello of another key, may be among them: that it is refused is what some tests
 * want.
 */
static void
hear_calm(struct guest *to)
{
	const struct party *p = to->party;
	struct tape *recheck = to->recheck;

	for (size_t i = 0; recheck && i < recheck->n; i++)
		(void)!election_on_hello(to->e, PARTY_IFINDEX, recheck->frames[i].bytes,
		    recheck->frames[i].len, recheck->frames[i].at_ms, p->now_ms,
		    p->wall_s + to->skew_s);
	if (recheck)
		recheck->n = 0;
}

static int
hear(struct guest *to, const uint8_t *bytes, size_t len)
{
	const struct party *p = to->party;

	hear_calm(to);
	return election_on_hello(to->e, PARTY_IFINDEX, bytes, len, p->now_ms, p->now_ms,
	    p->wall_s + to->skew_s);
}

static void
deliver(struct guest *to, const uint8_t *bytes, size_t len)
{
	if (!to->e)
		return;
	if (hello_is_unchanged(bytes, len))
		record(&to->recheck, bytes, len, to->party->now_ms);
	else if (to->frozen)
		record(&to->inbox, bytes, len, to->party->now_ms);
	else
		(void)!hear(to, bytes, len);
}

static void
on_send(void *arg, int ifindex, const uint8_t *frame, size_t len)
{
	struct guest *from = arg;
	struct party *p = from->party;
	size_t i = (size_t)(from - p->guests);

	assert_int_equal(ifindex, PARTY_IFINDEX);
	if (from->tape)
		record(&from->tape, frame, len, p->now_ms);
	for (size_t j = 0; j < p->n; j++) {
		if (j != i && !p->cut[i][j])
			deliver(&p->guests[j], frame, len);
	}
}

static size_t
index_of(const struct party *p, const char *node)
{
	for (size_t i = 0; i < p->n; i++) {
		if (strcmp(p->guests[i].name, node) == 0)
			return i;
	}
	fail_msg("no node %s", node);
	return 0;
}

static bool
on_may_hold(void *arg, const struct ip *ip, const char *node)
{
	struct guest *guest = arg;

	(void)ip;
	return !guest->party->unfit[guest - guest->party->guests][index_of(guest->party, node)];
}

static void
on_each_candidate(void *arg, const struct ip *ip,
    void (*visit)(void *visit_arg, const char *node, bool ready), void *visit_arg)
{
	struct guest *guest = arg;
	struct party *p = guest->party;

	for (size_t i = 0; i < p->n; i++) {
		if (on_may_hold(arg, ip, p->guests[i].name))
			visit(visit_arg, p->guests[i].name, !p->absent[i]);
	}
}

static void
on_hold(void *arg, int ifindex, const struct ip *ip)
{
	struct guest *guest = arg;

	(void)ifindex;
	assert_true(guest->n_held < sizeof(guest->held) / sizeof(guest->held[0]));
	guest->held[guest->n_held++] = (struct held){ *ip, guest->party->now_ms };
	guest->claims++;
}

static void
on_drop(void *arg, int ifindex, const struct ip *ip)
{
	struct guest *guest = arg;

	(void)ifindex;
	for (size_t i = 0; i < guest->n_held; i++) {
		if (ip_equal(&guest->held[i].ip, ip)) {
			guest->held[i] = guest->held[--guest->n_held];
			guest->drops++;
			return;
		}
	}
	fail_msg("dropped what is not held");
}

static void
on_holder(void *arg, int ifindex, const struct ip *ip, const char *node, enum holder_change change,
    int64_t gap_ms)
{
	struct guest *guest = arg;
	struct reported_holder *reported_holder = &guest->reported_holder;

	(void)ifindex;
	if (!ip_equal(ip, &guest->party->watched))
		return;
	snprintf(reported_holder->node, sizeof(reported_holder->node), "%s", node ? node : "");
	reported_holder->change = change;
	reported_holder->gap_ms = gap_ms;
}

static void
on_peer(void *arg, int ifindex, const struct mac *mac, bool is)
{
	(void)arg, (void)ifindex, (void)mac, (void)is;
}

static bool
on_may_keep(void *arg, const struct ip *ip)
{
	const struct guest *guest = arg;

	(void)ip;
	return guest->party->serves[guest - guest->party->guests];
}

static void
on_reannounce(void *arg, int ifindex, const struct ip *ip)
{
	struct guest *guest = arg;

	(void)ifindex, (void)ip;
	guest->reminds++;
}

static const struct election_ops ops = {
	on_send, on_may_hold, on_each_candidate, on_hold, on_drop, on_holder, on_peer, on_may_keep,
	on_reannounce,
};

void
party_init(struct party *p, size_t n)
{
	memset(p, 0, sizeof(*p));
	p->n = n;
	p->now_ms = 1000000;
	p->wall_s = 1700000000;
	p->watched = ip_of("10.0.0.1");
	for (size_t i = 0; i < n; i++) {
		p->guests[i].party = p;
		snprintf(p->guests[i].name, sizeof(p->guests[i].name), "n%zu", i);
	}
}

void
party_done(struct party *p)
{
	for (size_t i = 0; i < p->n; i++) {
		party_crash(p, i);
		free(p->guests[i].tape);
	}
}

struct hello_key
party_key(void)
{
	static struct hello_key key; /* freed at exit */

	if (!key.hmac)
		hello_key_init(&key, PARTY_SECRET, strlen(PARTY_SECRET));
	return key;
}

void
party_start(struct party *p, size_t i)
{
	static uint32_t nonce;
	struct guest *guest = &p->guests[i];
	struct election_opts opts = ELECTION_DEFAULTS;
	struct mac mac = { { 2, 0, 0, 0, 0, (uint8_t)i } };
	const struct hello_key key = party_key();

	opts.node = guest->name;
	opts.nonce = ++nonce;
	opts.start_s = (uint32_t)(p->wall_s + guest->skew_s);
	guest->e = election_new(&ops, guest, &opts);
	if (!p->keyless)
		election_set_key(guest->e, &key, p->now_ms);
	election_open(guest->e, PARTY_IFINDEX, &mac, true, p->now_ms);
	election_want_holder(guest->e, PARTY_IFINDEX, &p->watched, &p->watched, p->now_ms);
}

void
party_crash(struct party *p, size_t i)
{
	election_free(p->guests[i].e);
	p->guests[i].e = NULL;
	p->guests[i].n_held = 0;
	free(p->guests[i].inbox);
	free(p->guests[i].recheck);
	p->guests[i].inbox = p->guests[i].recheck = NULL;
	p->guests[i].frozen = false;
}

void
party_stand(struct party *p, const char *text)
{
	struct ip ip = ip_of(text);

	for (size_t i = 0; i < p->n; i++) {
		if (p->guests[i].e)
			election_want_holder(p->guests[i].e, PARTY_IFINDEX, &ip, &ip, p->now_ms);
	}
}

/* How many answer for the watched address; who is frozen answers nobody. */
static int
count_holders(const struct party *p)
{
	int n = 0;

	for (size_t i = 0; i < p->n; i++) {
		for (size_t j = 0; j < p->guests[i].n_held; j++)
			n += !p->guests[i].frozen &&
			    ip_equal(&p->guests[i].held[j].ip, &p->watched);
	}
	return n;
}

static void
measure(struct party *p)
{
	int n = count_holders(p);

	if (n)
		p->none_since = p->now_ms;
	if (n < 2)
		p->both_since = p->now_ms;
	if (p->now_ms - p->none_since > p->none_ms)
		p->none_ms = p->now_ms - p->none_since;
	if (p->now_ms - p->both_since > p->both_ms)
		p->both_ms = p->now_ms - p->both_since;
}

void
party_run(struct party *p, int64_t ms)
{
	for (int64_t end_ms = p->now_ms + ms; p->now_ms < end_ms; p->now_ms++) {
		for (size_t i = 0; i < p->n; i++) {
			struct guest *guest = &p->guests[i];

			for (int turns = 0; guest->e && !guest->frozen &&
			    election_next_ms(guest->e) <= p->now_ms; turns++) {
				assert_true(turns < 100); /* it would spin */
				hear_calm(guest);
				election_tick(guest->e, p->now_ms, p->wall_s + guest->skew_s);
			}
		}
		measure(p);
		p->wall_s += p->now_ms % 1000 == 0;
	}
}

void
party_measure(struct party *p, const char *ip)
{
	p->watched = ip_of(ip);
	p->none_ms = p->both_ms = 0;
	p->none_since = p->both_since = p->now_ms;
}

const char *
party_holders(const struct party *p, const char *text)
{
	static char digits[PARTY_MAX + 1];
	struct ip ip = ip_of(text);
	size_t n = 0;

	for (size_t i = 0; i < p->n && i < 10; i++) {
		for (size_t j = 0; j < p->guests[i].n_held; j++) {
			if (ip_equal(&p->guests[i].held[j].ip, &ip))
				digits[n++] = (char)('0' + i);
		}
	}
	digits[n] = '\0';
	return digits;
}

void
party_cut(struct party *p, const char *a, const char *b, bool cut)
{
	for (; *a; a++) {
		for (const char *c = b; *c; c++)
			p->cut[*a - '0'][*c - '0'] = p->cut[*c - '0'][*a - '0'] = cut;
	}
}

void
party_freeze(struct party *p, size_t i, bool frozen)
{
	struct guest *guest = &p->guests[i];

	guest->frozen = frozen;
	if (frozen || !guest->inbox)
		return;
	for (size_t n = 0; n < guest->inbox->n; n++)
		deliver(guest, guest->inbox->frames[n].bytes, guest->inbox->frames[n].len);
	guest->inbox->n = 0;
}

int
party_hear(struct party *p, size_t to, const struct frame *frame)
{
	return hear(&p->guests[to], frame->bytes, frame->len);
}

size_t
party_first(const struct party *p, const char *ip, size_t n)
{
	struct rank best, rank;
	size_t first = 0;

	for (size_t i = 0; i < n; i++) {
		rank_of(p->guests[i].name, ip, &rank);
		if (i == 0 || rank_before(&rank, &best)) {
			best = rank;
			first = i;
		}
	}
	return first;
}
