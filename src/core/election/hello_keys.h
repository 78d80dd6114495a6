/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HELLO_KEYS_H
#define HELLO_KEYS_H

#include "arplet/hello.h"

/*
 * The keys that sign hellos.  Nodes learn of a new key at different times, so both are accepted
 * for ELECTION_KEY_MS, and this node signs with the old one for the first half of that:
 *
 *	new key       switch_ms       forget_ms
 *	   |   signs: old |  signs: new   |  signs: new
 *	   |   accepts: old and new       |  accepts: new
 */
struct hello_keys {
	struct hello_key current, other; /* current signs hellos; both verify them */
	bool has_current, has_other;
	int64_t switch_ms; /* when current and other change places; INT64_MAX: never */
	int64_t forget_ms; /* when other is no longer accepted; INT64_MAX: never */
};

void hello_keys_done(struct hello_keys *keys);
/*
 * hello_keys_set - @key, which is copied, is the cluster's key from now on; returns true if it is
 * the first one.
 */
bool hello_keys_set(struct hello_keys *keys, const struct hello_key *key, int64_t now_ms);
void hello_keys_tick(struct hello_keys *keys, int64_t now_ms);
/* hello_keys_next_ms - when hello_keys_tick() is due; INT64_MAX: no change of keys is under way. */
int64_t hello_keys_next_ms(const struct hello_keys *keys);
/* hello_keys_parse - hello_parse() with the key that the frame names. */
int hello_keys_parse(const struct hello_keys *keys, const uint8_t *frame, size_t len,
    struct hello *ret_hello) __attribute__((warn_unused_result));

#endif
