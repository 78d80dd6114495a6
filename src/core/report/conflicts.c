/* SPDX-License-Identifier: Apache-2.0 */
#include "conflicts.h"
#include "arplet/action_plan.h"
#include "core/eligibility/link_vips.h"
#include "core/pools/pools.h"
#include "core/state/world_state.h"

#include <fnmatch.h>
#include <string.h>

/*
 * A host that claims many VIPs causes many conflicts.  A node posts at most EVENTS_AT_ONCE Events
 * about them, and then one in EVENT_MS.  The conditions of the Services report all conflicts.
 */
#define EVENTS_AT_ONCE 6
#define EVENT_MS       30000

/*
 * The reason and the message of an Event about a conflict; reason is NULL if there is no conflict.
 */
struct conflict_event {
	const char *reason, *text;
};

static void
mark_users(struct world *world, const struct ip *ip)
{
	struct addr *addr = addrs_find(world, ip);
	struct addr_use *addr_use;

	if (!addr)
		return;
	SLIST_FOREACH(addr_use, &addr->uses, of_addr)
		world_mark(world, addr_use->svc, MARK_REPORT);
}

void
conflicts_set(struct world *world, const struct ip *ip, int ifindex, enum ann_conflict conflict,
    const struct mac *other)
{
	struct link_vip *vip = link_vip_find(world, ip, ifindex);

	if (!vip)
		return; /* the VIP was withdrawn meanwhile */
	vip->conflict = conflict;
	vip->other = *other;
	mark_users(world, ip);
}

enum ann_policy
conflicts_policy(const struct world *world, const struct ip *ip, enum ann_policy standard)
{
	const struct pool_entry *pool = pools_containing(world, ip);

	return pool && pool->rules.has_conflict ? pool->rules.conflict : standard;
}

/*
 * True for kube-ipvs0: kube-proxy in IPVS mode configures every VIP on this interface, which does
 * no harm if kube-proxy's option strictARP is set.  Without strictARP, the kernel answers ARP
 * requests for the VIP, and the holder reports CONFLICT_PEER_KERNEL.
 */
static bool
is_kube_ipvs(const struct link *link)
{
	return fnmatch("kube-ipvs*", link->name, 0) == 0;
}

/* Marks the users of the addresses that only one of the two links has. */
static void
mark_difference(struct world *world, const struct link *old, const struct link *new)
{
	size_t i = 0, j = 0;

	if (is_kube_ipvs(old->n_addrs ? old : new))
		return;
	while (i < old->n_addrs || j < new->n_addrs) {
		int order = i == old->n_addrs ? 1 : j == new->n_addrs ? -1 :
		    link_addr_cmp(&old->addrs[i], &new->addrs[j]);

		if (order != 0)
			mark_users(world, order < 0 ? &old->addrs[i].ip : &new->addrs[j].ip);
		i += order <= 0;
		j += order >= 0;
	}
}

void
conflicts_mark_own(struct world *world, const struct link *links, size_t n)
{
	static const struct link none;
	/* a list without links can be NULL, to which C allows no addition */
	const struct link *old = world->n_links ? world->links : &none, *old_end = old + world->n_links;
	const struct link *new = n ? links : &none, *new_end = new + n;

	while (old < old_end || new < new_end) {
		int order = old == old_end ? 1 : new == new_end ? -1 :
		    (old->ifindex > new->ifindex) - (old->ifindex < new->ifindex);

		/* an Event names the interface, so a renamed interface is another one */
		if (order == 0 && strcmp(old->name, new->name) != 0)
			order = -1;
		if (order == 0)
			mark_difference(world, old, new);
		else
			mark_difference(world, order < 0 ? old : &none, order < 0 ? &none : new);
		old += order <= 0;
		new += order >= 0;
	}
}

static const char *
link_name(const struct world *world, int ifindex)
{
	for (size_t i = 0; i < world->n_links; i++) {
		if (world->links[i].ifindex == ifindex)
			return world->links[i].name;
	}
	return "an interface that is gone";
}

/* The interface of this node that has @ip configured, or NULL. */
static const struct link *
configured_on(const struct world *world, const struct ip *ip)
{
	for (size_t i = 0; i < world->n_links; i++) {
		const struct link *link = &world->links[i];

		if (!is_kube_ipvs(link) && link_has_address(link, ip))
			return link;
	}
	return NULL;
}

static struct conflict_event
event_of_vip(const struct world *world, const struct link_vip *vip, struct arena *mem)
{
	const char *node = world->opts.node_name, *link = link_name(world, vip->ifindex);
	char ip[IP_TEXT_MAX], mac[MAC_TEXT_MAX];

	ip_format(&vip->ip, ip);
	mac_format(&vip->other, mac);
	switch (vip->conflict) {
	case CONFLICT_DEFENDED:
		return (struct conflict_event){ "AddressConflict", arena_printf(mem,
		    "%s is claimed on %s by %s, which is no node of this cluster; node \"%s\" still "
		    "announces the address, so clients may reach either host: remove the address "
		    "from that host or from the pool", ip, link, mac, node) };
	case CONFLICT_YIELDED:
		return (struct conflict_event){ "AddressConflict", arena_printf(mem,
		    "%s is claimed on %s by %s, which is no node of this cluster; node \"%s\" has "
		    "yielded the address to that host, and probes every minute whether it is free: "
		    "remove the address from that host or from the pool", ip, link, mac, node) };
	case CONFLICT_PEER_KERNEL:
		return (struct conflict_event){ "AddressOnNode", arena_printf(mem,
		    "%s is announced by node \"%s\", but on %s the kernel of another node, %s, "
		    "answers for it too: with kube-proxy in IPVS mode, set ipvs.strictARP: true; "
		    "else remove the address from that node's interfaces", ip, node, link, mac) };
	case CONFLICT_NONE:
	case CONFLICTS:
		break;
	}
	return (struct conflict_event){ 0 };
}

static struct conflict_event
event_of(const struct world *world, const struct svc *svc, const struct ips *ips, struct arena *mem)
{
	char text[IP_TEXT_MAX];

	for (size_t i = 0; i < svc->n_vips; i++) {
		if (svc_vip(svc, i)->conflict != CONFLICT_NONE)
			return event_of_vip(world, svc_vip(svc, i), mem);
	}
	for (size_t i = 0; i < ips->n; i++) {
		const struct link *link = configured_on(world, &ips->v[i]);

		if (link)
			return (struct conflict_event){ "AddressOnNode", arena_printf(mem,
			    "%s is configured on interface %s of node \"%s\", so the kernel of the "
			    "node answers ARP requests for it: remove it from that interface or "
			    "from the pool",
			    ip_format(&ips->v[i], text), link->name, world->opts.node_name) };
	}
	return (struct conflict_event){ 0 };
}

static bool
may_post(struct world *world)
{
	if (world->conflict_events_ms < world->now_ms)
		world->conflict_events_ms = world->now_ms;
	if (world->conflict_events_ms - world->now_ms > (EVENTS_AT_ONCE - 1) * EVENT_MS)
		return false;
	world->conflict_events_ms += EVENT_MS;
	return true;
}

void
conflicts_report(struct world *world, struct svc *svc, struct arena *mem, struct plan *plan)
{
	static const struct ips none;
	const struct ips *ips = svc->ours ? svc_ips(world, svc) : &none;
	struct conflict_event event = event_of(world, svc, ips, mem);

	if (!svc_set_message(svc, MSG_CONFLICT, event.text) || !may_post(world))
		return;
	if (event.text)
		plan_event(plan, svc->e.obj, true, event.reason, "%s", event.text);
	else if (svc->ann == SVC_ANNOUNCED_HERE)
		plan_event(plan, svc->e.obj, false, "AddressConflictOver",
		    "no other host claims %s any more", ips_text(ips, mem));
}

const char *
conflict_annotation(const struct svc *svc, struct arena *mem)
{
	char ip[IP_TEXT_MAX], mac[MAC_TEXT_MAX];

	for (size_t i = 0; i < svc->n_vips; i++) {
		const struct link_vip *vip = svc_vip(svc, i);

		if (vip->conflict == CONFLICT_DEFENDED || vip->conflict == CONFLICT_YIELDED)
			return arena_printf(mem, "%s,%s,%s", ip_format(&vip->ip, ip),
			    mac_format(&vip->other, mac),
			    vip->conflict == CONFLICT_YIELDED ? "yielded" : "defended");
	}
	return NULL;
}

/*
 * Parses the annotation arplet.io/conflict.  Returns false if a user has written an invalid text.
 */
static bool
conflict_read(const char *text, struct arena *mem, struct reported_conflict *ret)
{
	size_t ip = strcspn(text, ","), mac = text[ip] ? strcspn(text + ip + 1, ",") : 0;

	if (!mac || !mac_parse(text + ip + 1, mac, &ret->mac) ||
	    ip_parse(arena_strndup(mem, text, ip), &ret->ip) < 0)
		return false;
	ret->yielded = strcmp(text + ip + 1 + mac, ",yielded") == 0;
	return true;
}

bool
conflict_reported(const struct world *world, const struct svc *svc, struct arena *mem,
    struct reported_conflict *ret_conflict)
{
	const struct meta *meta = &svc->e.obj->meta;
	struct dependent *dependent =
	    dependents_of((struct dependents *)&world->l2statuses, meta->ns, meta->name);

	for (; dependent; dependent = dependents_next(dependent)) {
		const struct l2status *l2 = &dependent->e.obj->u.l2status;

		ret_conflict->node = l2->node;
		if (l2->conflict && conflict_read(l2->conflict, mem, ret_conflict) &&
		    ips_contain(svc_ips(world, svc), &ret_conflict->ip))
			return true;
	}
	return false;
}
