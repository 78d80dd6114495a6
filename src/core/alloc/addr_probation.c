/* SPDX-License-Identifier: Apache-2.0 */
#include "addr_probation.h"
#include "core/pools/pools.h"
#include "core/state/world_state.h"
#include "probe_results.h"

#define PROBATION_MS 10000 /* duration of a probation, from the Service's first ServiceL2Status */
/*
 * After 5 failed probations, arplet does not replace addresses of the Service any more.  Otherwise,
 * a proxy ARP router, which answers all probes, would cause replacements without end.
 */
#define MOVES_MAX 5

static uint8_t
bit_of(const struct ip *ip)
{
	return ip->family == IPV4 ? 1 : 2;
}

/*
 * True if arplet allocates @ip without a probe and may replace it later.  False if a person chose
 * @ip (by a request or a reservation), or if another Service uses @ip.
 */
static bool
is_unprobed(const struct world *world, const struct svc *svc, const struct ip *ip)
{
	const struct pool_entry *pool = pools_containing(world, ip);

	return pool && !svc_requests_ips(svc) && !pool_rules_reservation(&pool->rules, ip) &&
	    !addrs_find(world, ip) && probe_lacks_link(world, ip);
}

void
probation_begin(const struct world *world, struct svc *svc, const struct ips *ips)
{
	const struct ips *had = svc_is_decided(svc) ? &svc->want : &svc->have;
	uint8_t before = svc->probation;

	svc->probation = 0;
	for (size_t i = 0; i < ips->n; i++) {
		if (ips_contain(had, &ips->v[i])) {
			svc->probation |= before & bit_of(&ips->v[i]);
		} else if (is_unprobed(world, svc, &ips->v[i])) {
			svc->probation |= bit_of(&ips->v[i]);
			svc->probation_ms = INT64_MAX;
		}
	}
}

void
probation_update(const struct world *world, struct svc *svc)
{
	const struct meta *meta = &svc->e.obj->meta;

	if (svc->probation && svc->probation_ms == INT64_MAX &&
	    dependents_of((struct dependents *)&world->l2statuses, meta->ns, meta->name))
		svc->probation_ms = world->now_ms;
}

void
probation_on_conflict(struct world *world, struct svc *svc, const struct ip *ip,
    const struct mac *mac)
{
	if (!(svc->probation & bit_of(ip)) || !svc_is_decided(svc) || !ips_contain(&svc->want, ip))
		return;
	svc->probation &= (uint8_t)~bit_of(ip);
	if (world->now_ms - svc->probation_ms >= PROBATION_MS || svc->moves == MOVES_MAX)
		return;
	svc->moves++;
	svc->failed |= bit_of(ip);
	probe_result_set_by_holder(world, ip, mac);
}

bool
probation_has_failed(const struct svc *svc, const struct ip *ip)
{
	return svc->failed & bit_of(ip);
}
