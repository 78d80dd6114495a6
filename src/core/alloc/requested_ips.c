/* SPDX-License-Identifier: Apache-2.0 */
#include "requested_ips.h"
#include "arplet/object.h"

#include <string.h>

/* Parses and adds one address of the request; on failure, sets ret->error. */
static void
add_requested(struct requested_ips *ret, const char *field, const char *text, size_t len,
    struct arena *mem)
{
	char *trimmed;
	struct ip ip;

	while (len && *text == ' ')
		text++, len--;
	while (len && text[len - 1] == ' ')
		len--;
	trimmed = arena_strndup(mem, text, len);
	if (ip_parse(trimmed, &ip) < 0)
		ret->error = arena_printf(mem, "%s: \"%.64s\" is not an address", field,
		    trimmed);
	else if (ips_have_family(&ret->ips, ip.family))
		ret->error = arena_printf(mem,
		    "%s: requests more than one address of a family; request at most one IPv4 and "
		    "one IPv6 address", field);
	else
		ips_add(&ret->ips, &ip);
}

void
requested_ips_parse(const struct service *spec, struct arena *mem,
    struct requested_ips *ret_requested)
{
	const char *rest = spec->ann_ips;

	*ret_requested = (struct requested_ips){ .pool = spec->ann_pool };
	if (spec->lb_ip && spec->ann_ips) {
		ret_requested->error = "both spec.loadBalancerIP and the annotation "
			       "metallb.io/loadBalancerIPs are set; remove one of them";
		return;
	}
	if (spec->lb_ip)
		add_requested(ret_requested, "spec.loadBalancerIP", spec->lb_ip,
		    strlen(spec->lb_ip), mem);
	while (rest && !ret_requested->error) {
		size_t len = strcspn(rest, ",");

		add_requested(ret_requested, "annotation metallb.io/loadBalancerIPs", rest, len,
		    mem);
		rest = rest[len] ? rest + len + 1 : NULL;
	}
}
