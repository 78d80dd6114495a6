/* SPDX-License-Identifier: Apache-2.0 */
#include "contention.h"
#include "backoff.h"

#define CALM_MS 60000

static int64_t
pause_ms(const struct contention *c, const struct contention_rule *rule)
{
	return c->n > rule->free ? backoff_ms(rule->first_ms, rule->cap_ms, c->n - rule->free, 0)
				 : 0;
}

static bool
is_calm(const struct contention *c, const struct contention_rule *rule, int64_t now_ms)
{
	return now_ms > (int64_t)c->last_ms + 2 * pause_ms(c, rule) + CALM_MS;
}

void
contention_count(struct contention *c, const struct contention_rule *rule, int64_t now_ms)
{
	unsigned int n = is_calm(c, rule, now_ms) ? 0 : c->n;

	c->n = n < UINT16_MAX ? n + 1 : n;
	c->last_ms = (uint64_t)now_ms;
}

int64_t
contention_until_ms(const struct contention *c, const struct contention_rule *rule)
{
	return c->n > rule->free ? (int64_t)c->last_ms + pause_ms(c, rule) : 0;
}

bool
contention_is_long(const struct contention *c, const struct contention_rule *rule, int64_t now_ms)
{
	return c->n > rule->free && !is_calm(c, rule, now_ms);
}
