/* SPDX-License-Identifier: Apache-2.0 */
#include "decode_service.h"

#include <stdlib.h>

/* The fields of a Service that decide which Services may share an address. */

static int
read_port(const struct json_reader *rd, const struct json_field *one, struct service_port *ret_port)
{
	struct json_field field = json_member(one, "protocol");
	const char *protocol = "TCP";
	int64_t port = 0;
	int rc = read_string_ref(rd, &field, &protocol), number;

	if (rc < 0)
		return rc;
	number = protocol_parse(protocol);
	if (number < 0)
		return json_field_error(rd, &field, "must be TCP, UDP or SCTP, not \"%.64s\"",
		    protocol);
	rc = READ(int, rd, one, "port", 1, UINT16_MAX, &port);
	*ret_port = (struct service_port){ (uint16_t)port, (uint8_t)number };
	return rc;
}

static int
read_ports(const struct json_reader *rd, const struct json_field *spec, struct sharing *share)
{
	struct json_field ports = json_member(spec, "ports");
	size_t n = 0;
	int rc = read_long_array(rd, &ports, &n);

	if (n > SERVICE_PORTS_MAX || rd->no_ports) {
		share->many_ports = true;
		return rc;
	}
	share->ports = arena_calloc(rd->mem, n, sizeof(*share->ports));
	share->n_ports = n;
	for (size_t i = 0; rc >= 0 && i < n; i++) {
		struct json_field one = json_element(&ports, i);

		rc = read_port(rd, &one, &share->ports[i]);
	}
	service_ports_sort(share->ports, n);
	return rc;
}

/*
 * Read the fields that decide which Services may share an address.  The ports of every Service must
 * be valid, but only a Service that shares addresses keeps its ports.
 */
int
read_sharing(const struct json_reader *rd, const struct json_field *spec, struct service *svc)
{
	struct json_reader temporary = *rd;
	struct arena mem = { 0 };
	struct sharing alone;
	int rc;

	temporary.mem = &mem;
	rc = read_ports(svc->share ? rd : &temporary, spec, svc->share ? svc->share : &alone);
	if (rc >= 0 && svc->share && svc->local)
		rc = READ(labels, rd, spec, "selector", &svc->share->selector);
	arena_done(&mem);
	return rc;
}
