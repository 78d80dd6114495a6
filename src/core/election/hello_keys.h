/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ELECTION_HELLO_KEYS_H
#define CORE_ELECTION_HELLO_KEYS_H

#include "arplet/election.h"

/*
 * The keys that sign hellos.  Nodes receive a new key at different times.  So a node accepts both
 * keys for ELECTION_KEY_MS, and signs with the old key in the first half of that time:
 *
 *	new key       switch_ms       forget_ms
 *	   |   signs: old |  signs: new   |  signs: new
 *	   |   accepts: old and new       |  accepts: new
 */
struct hello_keys {
	struct hello_key current, other; /* current signs our hellos; both verify received hellos */
	bool has_current, has_other;
	int64_t switch_ms; /* when current and other are swapped; INT64_MAX: never */
	int64_t forget_ms; /* when the key in other expires; INT64_MAX: never */
};

void hello_keys_done(struct hello_keys *keys);
/*
 * hello_keys_set - start the change to a copy of @key, the cluster's new key.  Returns true if this
 * node had no key before.
 */
bool hello_keys_set(struct hello_keys *keys, const struct hello_key *key, int64_t now_ms);
void hello_keys_tick(struct hello_keys *keys, int64_t now_ms);
/* hello_keys_next_ms - when hello_keys_tick() is due; INT64_MAX: no change of keys is under way. */
int64_t hello_keys_next_ms(const struct hello_keys *keys);
/*
 * hello_keys_parse - choose the key by the key id in the frame, and call hello_parse() or
 * hello_parse_udp().
 */
int hello_keys_parse(const struct hello_keys *keys, enum hello_carrier carrier,
    const uint8_t *frame, size_t len, struct hello *ret_hello)
    __attribute__((warn_unused_result));

#endif
