/* SPDX-License-Identifier: Apache-2.0 */
#include "digest.h"

#include <string.h>

void
digest_bytes(uint64_t *digest, const void *data, size_t len)
{
	const uint8_t *b = data;

	for (size_t i = 0; i < len; i++)
		*digest = (*digest ^ b[i]) * UINT64_C(0x100000001b3);
}

void
digest_number(uint64_t *digest, int64_t value)
{
	digest_bytes(digest, &value, sizeof(value));
}

/* Hashes the terminating null too, so that the texts "a", "bc" differ from "ab", "c". */
void
digest_text(uint64_t *digest, const char *text)
{
	digest_number(digest, text != NULL);
	if (text)
		digest_bytes(digest, text, strlen(text) + 1);
}

void
digest_ip(uint64_t *digest, const struct ip *ip)
{
	char text[IP_TEXT_MAX];

	digest_text(digest, ip_format(ip, text));
}

static void
add_condition(uint64_t *digest, const struct condition_change *change)
{
	digest_number(digest, change->op);
	if (change->op != CONDITION_SET)
		return;
	digest_number(digest, change->status);
	digest_number(digest, change->transition);
	digest_text(digest, change->reason);
}

static void
add_counts(uint64_t *digest, const struct pool_counts *counts)
{
	digest_number(digest, counts->assigned4);
	digest_number(digest, counts->assigned6);
	digest_number(digest, counts->available4);
	digest_number(digest, counts->available6);
}

static void
add_service(uint64_t *digest, const struct action *act)
{
	for (size_t i = 0; i < CONDITIONS; i++)
		add_condition(digest, &act->conditions[i]);
	if (act->kind != ACT_SERVICE_STATUS)
		return;
	for (size_t i = 0; i < act->u.service_status.n; i++)
		digest_ip(digest, &act->u.service_status.ips[i]);
	digest_text(digest, act->u.service_status.pool);
}

static void
add_l2status(uint64_t *digest, const struct action *act)
{
	digest_text(digest, act->u.l2status.service_ns);
	digest_text(digest, act->u.l2status.service);
	for (size_t i = 0; i < act->u.l2status.interfaces.n; i++)
		digest_text(digest, act->u.l2status.interfaces.v[i]);
	digest_text(digest, act->u.l2status.conflict);
}

static void
add_details(uint64_t *digest, const struct action *act)
{
	switch (act->kind) {
	case ACT_SERVICE_STATUS:
	case ACT_SERVICE_CONDITIONS:
		add_service(digest, act);
		break;
	case ACT_POOL_STATUS:
		add_counts(digest, &act->u.pool_status);
		break;
	case ACT_CONFIG_CONDITION:
		add_condition(digest, &act->u.config_condition.change);
		if (act->u.config_condition.counts)
			add_counts(digest, act->u.config_condition.counts);
		break;
	case ACT_EVENT:
		digest_number(digest, act->u.event.warning);
		digest_text(digest, act->u.event.reason);
		break;
	case ACT_L2STATUS_CREATE:
		add_l2status(digest, act);
		break;
	case ACT_VIP_ELECT:
	case ACT_VIP_WITHDRAW:
		digest_number(digest, act->u.vip.ifindex);
		digest_ip(digest, &act->u.vip.ip);
		digest_ip(digest, &act->u.vip.key);
		break;
	case ACT_HELLO_LINK:
		digest_number(digest, act->u.hello_link.ifindex);
		digest_number(digest, act->u.hello_link.enabled);
		break;
	default:
		break;
	}
}

void
digest_action(uint64_t *digest, const struct action *act)
{
	static const char *const types[ACTIONS] = {
		[ACT_SERVICE_STATUS] = "service status",
		[ACT_POOL_STATUS] = "pool status",
		[ACT_SERVICE_CONDITIONS] = "service conditions",
		[ACT_CONFIG_CONDITION] = "config condition",
		[ACT_EVENT] = "event",
		[ACT_L2STATUS_CREATE] = "l2status create",
		[ACT_L2STATUS_DELETE] = "l2status delete",
		[ACT_SECRET_KEY] = "secret key",
		[ACT_VIP_WITHDRAW] = "vip withdraw",
		[ACT_VIP_ELECT] = "vip elect",
		[ACT_HELLO_LINK] = "hello link",
	};

	digest_text(digest, types[act->kind]);
	digest_text(digest, act->on.ns);
	digest_text(digest, act->on.name);
	digest_text(digest, act->on.version);
	add_details(digest, act);
}
