/* SPDX-License-Identifier: Apache-2.0 */
#include "core/scenario/object_text.h"
#include "history.h"

#include <stdio.h>
#include <string.h>

/* Random changes of API objects by users and by other daemons. */

/*
 * The API server allows a change of loadBalancerClass only if the type of the Service changes too.
 * A change of the type clears the status.
 */
static bool
class_may_change(uint32_t n)
{
	const struct stored *svc;
	char key[16];

	snprintf(key, sizeof(key), "svc %s/s%u", n & 1 ? "d" : "e", n);
	svc = fake_api_find(&hist.api, key);
	return history_random(6) == 0 && (!svc || !*svc->status);
}

void
history_edit_service(void)
{
	static const char *const families[] = { "", "", " families=6",
		" families=46 policy=prefer", " families=64 policy=prefer",
		" families=46 policy=require" };
	static const char *const sharing[] = { "", "", " share=k", " share=l",
		" share=k local selector=app:x", " share=k local selector=app:y" };
	static const char *const requests[] = { "", "", "", "", "", " pool=a", " pool=b",
		" labels=tier:front" };
	static const char *const kinds[] = { "", "", "", "", "", "", " type=ClusterIP",
		" type=NodePort" };
	char line[OBJECT_TEXT_MAX], text[64];
	uint32_t n = history_random(8), family, port, key, kind;

	/* without hist.edits, a Service has a fixed sharing key, determined by its number */
	snprintf(text, sizeof(text), "%s", requests[history_random(8)]);
	if (history_random(10) == 0) {
		uint32_t net = history_random(2);

		snprintf(text, sizeof(text), " ann-ips=10.0.%u.%u", net, history_random(5));
	}
	/* drawn before the call, because C may evaluate the arguments of a call in any order */
	family = history_random(6), port = history_random(3), key = history_random(6);
	kind = history_random(8);
	snprintf(line, sizeof(line), "svc %s/s%u%s%s ports=TCP/%u%s%s", n & 1 ? "d" : "e", n,
	    *text == ' ' && text[1] == 'a' ? "" : families[family], text,
	    hist.edits ? port : n % 3, sharing[hist.edits ? key : n % 6],
	    n == 7 || (hist.edits && class_may_change(n)) ? " class=other" : kinds[kind]);
	snprintf(text, sizeof(text), "svc %s/s%u", n & 1 ? "d" : "e", n);
	if (history_random(4) == 0)
		fake_api_delete(&hist.api, text);
	else if (!hist.stable || !fake_api_find(&hist.api, text))
		fake_api_put(&hist.api, line);
}

void
history_edit_pool(void)
{
	static const char *const blocks[2][4] = {
		{ "10.0.0.0/31", "10.0.0.0/30", "10.0.0.2/31 fd00::/127", "10.0.0.0-10.0.0.4" },
		{ "10.0.1.0/32", "10.0.1.0/30 fd01::/128", "fd01::/126", "10.0.1.2/31" },
	};
	static const char *const rules[] = { "", "", "", " auto=no", " avoid", " prio=3",
		" nssel=team:web", " ns=d", " svcsel=tier:front" };
	static const char *const notes[2][8] = {
		{ "", "", " exclude=10.0.0.0/31,fd00::", " reuse-after=10m", " quota=1",
			" allow-infrastructure=true", " reuse-after=1m quota=2",
			" exclude=10.0.0.2" },
		{ "", "", " exclude=10.0.1.0/24", " reuse-after=10m", " quota=2",
			" allow-infrastructure=true", " exclude=10.0.1.1 reuse-after=5m",
			" quota=1" },
	};
	static const char *const share[] = { "", " share-namespaces=true",
		" share-namespaces=metallb" };
	static const char *const reserved[2] = { " reserve=10.0.0.2=" RESERVED_A,
		" reserve=10.0.1.2=" RESERVED_B };
	uint32_t n = history_random(2), block = history_random(4), rule = history_random(9);
	uint32_t note = history_random(8), reserve = history_random(4);
	char line[OBJECT_TEXT_MAX];

	/* a pool may only reserve addresses that its blocks contain */
	if (n == 0 ? block == 0 : block != 1 && block != 3)
		reserve = 1;
	snprintf(line, sizeof(line), "pool %c %s%s%s%s%s", 'a' + (int)n, blocks[n][block],
	    rules[rule], notes[n][note], reserve ? "" : reserved[n],
	    share[hist.api.share_namespaces]);
	if (history_random(6) == 0)
		fake_api_delete(&hist.api, n ? "pool b" : "pool a");
	else
		fake_api_put(&hist.api, line);
}

/* Changes a node, an advertisement or endpoints.  Such a change never changes an allocation. */
void
history_edit_candidates(void)
{
	static const char *const advs[] = { "adv x", "adv x pools=a", "adv y svcsel=tier:front",
		"adv y nodes=zone:1" };
	static const char *const states[] = { "", "", " ip=10.0.0.2", " notready", " nonet",
		" labels=zone:1 ip=10.0.1.0 ip=fd00::" };
	uint32_t n = history_random(8), node = history_random(3) + 1;
	char line[OBJECT_TEXT_MAX];

	switch (history_random(4)) {
	case 0:
		snprintf(line, sizeof(line), "node n%u%s", node, states[history_random(6)]);
		break;
	case 1:
		snprintf(line, sizeof(line), "%s", advs[history_random(4)]);
		break;
	default:
		snprintf(line, sizeof(line), "slice %s/s%u n%u:%s", n & 1 ? "d" : "e", n, node,
		    history_random(3) ? "ready" : "not");
		break;
	}
	fake_api_put(&hist.api, line);
}

/* A holder on a third node reports a conflict, or that a conflict has ended. */
void
history_change_conflict(void)
{
	uint32_t n = history_random(8);
	char key[64], line[OBJECT_TEXT_MAX];
	struct stored *svc;

	snprintf(key, sizeof(key), "l2 l2-n3-%u", n);
	if (history_random(3) == 0)
		fake_api_delete(&hist.api, key);
	snprintf(line, sizeof(line), "svc %s/s%u", n & 1 ? "d" : "e", n);
	svc = fake_api_find(&hist.api, line);
	if (!svc || strncmp(svc->status, "status=", 7) != 0 || history_random(3) == 0)
		return;
	snprintf(line, sizeof(line), "%s node=n3 svc=%s conflict=%.*s,02:00:00:00:00:07,defended",
	    key, svc->key + 4, (int)strcspn(svc->status + 7, ","), svc->status + 7);
	fake_api_put(&hist.api, line);
}
