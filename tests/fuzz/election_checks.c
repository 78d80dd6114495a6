/* SPDX-License-Identifier: Apache-2.0 */
#include "election_checks.h"

const struct ip election_vips[VIPS] = {
	{ IPV4, { 10, 0, 0, 1 } },
	{ IPV4, { 10, 0, 0, 2 } },
	{ IPV4, { 255, 255, 255, 255 } },
	{ IPV6, { 0xfd, [15] = 1 } },
};
const char *const election_names[1 + PEERS] = { "us", "a", "b", "c" };

static size_t
index_of(const struct ip *ip)
{
	size_t i = 0;

	while (!ip_equal(ip, &election_vips[i]))
		must(++i < VIPS);
	return i;
}

/*
 * Checks that a sent hello lists exactly the held VIPs in its page, the addresses from hello.from
 * to hello.to.
 */
static void
on_send(void *arg, int ifindex, const uint8_t *frame, size_t len)
{
	struct scene *s = arg;
	struct lan *lan = &s->lans[ifindex];
	struct hello hello;
	size_t n = 0;

	must(lan->open && lan->up && s->has_key);
	if (hello_parse(frame, len, &s->keys[0], &hello) < 0)
		must(hello_parse(frame, len, &s->keys[1], &hello) == 0);
	must(mac_equal(&hello.src, &lan->mac) && hello.paged);
	must(hello.seq > (hello.link_nonce == lan->nonce ? lan->seq : 0));
	must(!s->leaving == !(hello.flags & HELLO_LEAVING));
	lan->seq = hello.seq;
	lan->nonce = hello.link_nonce;
	memcpy(lan->own, frame, len);
	lan->own_len = len;
	for (size_t i = 0; i < VIPS; i++)
		n += lan->held[i] && is_between(&election_vips[i], &hello);
	must(n == hello.n_held);
	for (size_t i = 0; i < n; i++)
		must(lan->held[index_of(&hello.held[i].ip)]);
}

static bool
on_may_hold(void *arg, const struct ip *ip, const char *node)
{
	struct scene *s = arg;

	(void)ip;
	for (int i = 0; i <= PEERS; i++) {
		if (strcmp(node, election_names[i]) == 0)
			return !(s->api >> i & 1);
	}
	return false;
}

static void
on_each_candidate(void *arg, const struct ip *ip,
    void (*visit)(void *visit_arg, const char *node, bool ready), void *visit_arg)
{
	struct scene *s = arg;

	for (int i = 0; i <= PEERS; i++) {
		if (on_may_hold(arg, ip, election_names[i]))
			visit(visit_arg, election_names[i], !(s->api >> (4 + i) & 1));
	}
}

static void
on_hold(void *arg, int ifindex, const struct ip *ip)
{
	struct scene *s = arg;
	struct lan *lan = &s->lans[ifindex];
	size_t i = index_of(ip);

	must(lan->open && lan->up && s->has_key && !s->leaving && !(s->api & 1));
	must(lan->wanted[i] && !lan->held[i]);
	must(s->now_ms - lan->listens_from_ms >= DEAD_MS);
	lan->held[i] = true;
}

static void
on_drop(void *arg, int ifindex, const struct ip *ip)
{
	struct scene *s = arg;
	bool *held = &s->lans[ifindex].held[index_of(ip)];

	must(*held);
	*held = false;
}

static void
on_holder(void *arg, int ifindex, const struct ip *ip, const char *node, enum holder_change change,
    int64_t gap_ms)
{
	const struct scene *s = arg;

	must(change < HOLDER_CHANGES && gap_ms >= -1);
	must(!node || strcmp(node, "us") != 0 || s->lans[ifindex].held[index_of(ip)]);
}

static void
on_peer(void *arg, int ifindex, const struct mac *mac, bool is)
{
	struct scene *s = arg;
	int *n = &s->lans[ifindex].peers[mac->b[5]];

	*n += is ? 1 : -1;
	must(*n == 0 || *n == 1);
}

static bool
on_may_keep(void *arg, const struct ip *ip)
{
	const struct scene *s = arg;

	(void)ip;
	return s->api & 16;
}

/* Checks that a hello as UDP is the hello that was just sent by multicast. */
static void
on_send_udp(void *arg, int ifindex, const char *node, const uint8_t *payload, size_t len)
{
	struct scene *s = arg;
	const struct lan *lan = &s->lans[ifindex];
	struct hello hello;

	must(strcmp(node, election_names[0]) != 0 && lan->open && lan->up);
	if (hello_parse_udp(payload, len, &s->keys[0], &hello) < 0)
		must(hello_parse_udp(payload, len, &s->keys[1], &hello) == 0);
	must(hello.seq == lan->seq && hello.link_nonce == lan->nonce);
}

static void
on_each_udp_node(void *arg, int ifindex, void (*visit)(void *visit_arg, const char *node),
    void *visit_arg)
{
	const struct scene *s = arg;

	(void)ifindex;
	for (int i = 0; i < PEERS; i++) {
		if (s->nodes >> i & 1)
			visit(visit_arg, election_names[1 + i]);
	}
}

static void
on_carrier(void *arg, int ifindex, const char *node, enum hello_carrier carrier)
{
	(void)arg, (void)ifindex;
	must(strcmp(node, election_names[0]) != 0 && carrier < HELLO_CARRIERS);
}

static bool
on_api_runs(void *arg, const char *node)
{
	const struct scene *s = arg;

	return s->nodes >> (3 + node[0] - 'a') & 1;
}

static bool
on_api_holds(void *arg, const struct ip *ip, const char *node)
{
	const struct scene *s = arg;

	(void)ip;
	return node[0] < 'c' && s->nodes >> (6 + node[0] - 'a') & 1;
}

const struct election_ops election_checks = {
	.send = on_send,
	.may_hold = on_may_hold,
	.each_candidate = on_each_candidate,
	.hold = on_hold,
	.drop = on_drop,
	.on_holder = on_holder,
	.on_peer = on_peer,
	.may_keep = on_may_keep,
	.send_udp = on_send_udp,
	.each_udp_node = on_each_udp_node,
	.on_carrier = on_carrier,
	.api_runs = on_api_runs,
	.api_holds = on_api_holds,
};
