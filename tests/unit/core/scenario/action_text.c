/* SPDX-License-Identifier: Apache-2.0 */
#include "action_text.h"

#include <stdlib.h>
#include <string.h>

void
action_copy(struct action *ret, const struct action *act, struct arena *mem)
{
	struct strings *ifaces = &ret->u.l2status.interfaces;

	*ret = *act;
	ret->on.ns = arena_strdup(mem, act->on.ns);
	ret->on.name = arena_strdup(mem, act->on.name);
	ret->on.uid = arena_strdup(mem, act->on.uid);
	ret->on.version = arena_strdup(mem, act->on.version);
	for (int i = 0; i < CONDITIONS; i++) {
		ret->conditions[i].reason = arena_strdup(mem, act->conditions[i].reason);
		ret->conditions[i].message = arena_strdup(mem, act->conditions[i].message);
	}
	if (act->kind == ACT_CONFIG_CONDITION) {
		ret->u.config_condition.since = arena_strdup(mem, act->u.config_condition.since);
		ret->u.config_condition.change.message = arena_strdup(mem,
		    act->u.config_condition.change.message);
	}
	if (act->kind == ACT_SERVICE_STATUS)
		ret->u.service_status.pool = arena_strdup(mem, act->u.service_status.pool);
	if (act->kind != ACT_L2STATUS_CREATE)
		return;
	ret->u.l2status.service_ns = arena_strdup(mem, act->u.l2status.service_ns);
	ret->u.l2status.service = arena_strdup(mem, act->u.l2status.service);
	ret->u.l2status.conflict = arena_strdup(mem, act->u.l2status.conflict);
	ifaces->v = arena_calloc(mem, ifaces->n, sizeof(*ifaces->v));
	for (size_t i = 0; i < ifaces->n; i++)
		ifaces->v[i] = arena_strdup(mem, act->u.l2status.interfaces.v[i]);
}

static const char *
status_text(const struct action *act, const char *name, struct arena *mem)
{
	const struct ip *ips = act->u.service_status.ips;
	const char *pool = act->u.service_status.pool;
	char a[IP_TEXT_MAX], b[IP_TEXT_MAX];

	if (act->u.service_status.n == 0)
		return arena_printf(mem, "status %s none", name);
	if (act->u.service_status.n == 1)
		return arena_printf(mem, "status %s %s pool=%s", name, ip_format(&ips[0], a),
		    pool ? pool : "");
	return arena_printf(mem, "status %s %s,%s pool=%s", name, ip_format(&ips[0], a),
	    ip_format(&ips[1], b), pool ? pool : "");
}

static const char *
l2_text(const struct action *act, struct arena *mem)
{
	const struct strings *ifaces = &act->u.l2status.interfaces;
	const char *text = arena_printf(mem, "l2 create %s/%s", act->u.l2status.service_ns,
	    act->u.l2status.service);

	for (size_t i = 0; i < ifaces->n; i++)
		text = arena_printf(mem, "%s %s", text, ifaces->v[i]);
	if (act->u.l2status.conflict)
		text = arena_printf(mem, "%s conflict=%s", text, act->u.l2status.conflict);
	return text;
}

const char *
conditions_text(const struct action *act, const char *name, struct arena *mem)
{
	const char *text = arena_printf(mem, "conditions %s", name);

	for (int i = 0; i < CONDITIONS; i++) {
		const struct condition_change *change = &act->conditions[i];
		const char *type = condition_types[i] + strlen("arplet.io/");

		if (change->op == CONDITION_DROP)
			text = arena_printf(mem, "%s; no %s", text, type);
		if (change->op == CONDITION_SET)
			text = arena_printf(mem, "%s; %s%s %s %s: %s", text, type,
			    change->transition ? " turns" : "", change->status ? "True" : "False",
			    change->reason, change->message);
	}
	return text;
}

const char *
action_text(const struct action *act, struct arena *mem)
{
	const struct pool_counts *c = &act->u.pool_status;
	const char *name = act->on.name;
	char ip[IP_TEXT_MAX];

	if (act->on.name && act->on.kind == KIND_SERVICE)
		name = arena_printf(mem, "%s/%s", act->on.ns, act->on.name);
	switch (act->kind) {
	case ACT_SERVICE_STATUS:
		return act->pause_ms ? arena_printf(mem, "%s pause=%lld",
		    status_text(act, name, mem), (long long)act->pause_ms)
				     : status_text(act, name, mem);
	case ACT_POOL_STATUS:
		return arena_printf(mem, "counts %s %lld/%lld/%lld/%lld", name,
		    (long long)c->assigned4, (long long)c->available4, (long long)c->assigned6,
		    (long long)c->available6);
	case ACT_SERVICE_CONDITIONS:
		return conditions_text(act, name, mem);
	case ACT_CONFIG_CONDITION:
		return arena_printf(mem, "valid %s %s %s: %s", name,
		    act->u.config_condition.change.status ? "yes" : "no",
		    act->u.config_condition.change.reason, act->u.config_condition.change.message);
	case ACT_EVENT:
		return arena_printf(mem, "%s %s %s: %s", act->u.event.warning ? "warning" : "event",
		    name, act->u.event.reason, act->u.event.message);
	case ACT_L2STATUS_CREATE:
		return l2_text(act, mem);
	case ACT_L2STATUS_DELETE:
		return arena_printf(mem, "l2 delete %s", name);
	case ACT_VIP_WITHDRAW:
	case ACT_VIP_ELECT:
		return arena_printf(mem, "%s %s eth%d",
		    act->kind == ACT_VIP_ELECT ? "elect" : "withdraw",
		    ip_format(&act->u.vip.ip, ip), act->u.vip.ifindex - 1);
	case ACT_SECRET_KEY:
		return arena_printf(mem, "key %s", name);
	case ACT_HELLO_LINK:
		return arena_printf(mem, "hellos %s eth%d",
		    act->u.hello_link.enabled ? "on" : "off", act->u.hello_link.ifindex - 1);
	case ACTIONS:
		break;
	}
	abort();
}
