/* SPDX-License-Identifier: Apache-2.0 */
#include "requested_ips.h"
#include "arplet/object.h"

#include <string.h>

/* Adds one address of a request; says in @ret_req->error what is wrong with it. */
static void
add_requested(struct requested_ips *ret_req, const char *field, const char *text, size_t len,
    struct arena *mem)
{
	char *one;
	struct ip ip;

	while (len && *text == ' ')
		text++, len--;
	while (len && text[len - 1] == ' ')
		len--;
	one = arena_strndup(mem, text, len);
	if (ip_parse(one, &ip) < 0)
		ret_req->error = arena_printf(mem, "%s: \"%.64s\" is not an address", field, one);
	else if (ret_req->ips.n == 2 ||
	    (ret_req->ips.n == 1 && ret_req->ips.v[0].family == ip.family))
		ret_req->error = arena_printf(mem,
		    "%s: asks for more than one address of a family; give at most one IPv4 and one "
		    "IPv6 address", field);
	else
		ips_add(&ret_req->ips, &ip);
}

void
requested_ips_parse(const struct service *spec, struct arena *mem, struct requested_ips *ret_req)
{
	const char *rest = spec->ann_ips;

	*ret_req = (struct requested_ips){ .pool = spec->ann_pool };
	if (spec->lb_ip && spec->ann_ips) {
		ret_req->error = "both spec.loadBalancerIP and the annotation "
			       "metallb.io/loadBalancerIPs are set; remove one of them";
		return;
	}
	if (spec->lb_ip)
		add_requested(ret_req, "spec.loadBalancerIP", spec->lb_ip, strlen(spec->lb_ip),
		    mem);
	while (rest && !ret_req->error) {
		size_t len = strcspn(rest, ",");

		add_requested(ret_req, "annotation metallb.io/loadBalancerIPs", rest, len, mem);
		rest = rest[len] ? rest + len + 1 : NULL;
	}
}
