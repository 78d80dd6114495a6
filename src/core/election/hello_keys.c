/* SPDX-License-Identifier: Apache-2.0 */
#include "hello_keys.h"
#include "arplet/election.h"

#include <errno.h>

static void
forget_other(struct hello_keys *keys)
{
	if (keys->has_other)
		hello_key_done(&keys->other);
	keys->has_other = false;
	keys->forget_ms = INT64_MAX;
}

void
hello_keys_done(struct hello_keys *keys)
{
	forget_other(keys);
	if (keys->has_current)
		hello_key_done(&keys->current);
	keys->has_current = false;
}

bool
hello_keys_set(struct hello_keys *keys, const struct hello_key *key, int64_t now_ms)
{
	if (!keys->has_current) {
		hello_key_copy(&keys->current, key);
		keys->has_current = true;
		keys->switch_ms = keys->forget_ms = INT64_MAX;
		return true;
	}
	if (hello_key_equal(key, &keys->current)) {
		keys->switch_ms = INT64_MAX; /* cancel a switch to another key */
		return false;
	}
	if (keys->has_other && keys->switch_ms != INT64_MAX && hello_key_equal(key, &keys->other))
		return false; /* the switch to @key has already begun */
	forget_other(keys);
	hello_key_copy(&keys->other, key);
	keys->has_other = true;
	keys->switch_ms = now_ms + ELECTION_KEY_MS / 2;
	keys->forget_ms = now_ms + ELECTION_KEY_MS;
	return false;
}

void
hello_keys_tick(struct hello_keys *keys, int64_t now_ms)
{
	if (keys->has_other && now_ms >= keys->switch_ms) {
		struct hello_key old = keys->current;

		keys->current = keys->other;
		keys->other = old;
		keys->switch_ms = INT64_MAX;
	}
	if (keys->has_other && now_ms >= keys->forget_ms)
		forget_other(keys);
}

int64_t
hello_keys_next_ms(const struct hello_keys *keys)
{
	if (!keys->has_other)
		return INT64_MAX;
	return keys->switch_ms < keys->forget_ms ? keys->switch_ms : keys->forget_ms;
}

int
hello_keys_parse(const struct hello_keys *keys, enum hello_carrier carrier, const uint8_t *frame,
    size_t len, struct hello *ret_hello)
{
	int (*parse)(const uint8_t *, size_t, const struct hello_key *, struct hello *) =
	    carrier == HELLO_UDP ? hello_parse_udp : hello_parse;
	int rc = keys->has_current ? parse(frame, len, &keys->current, ret_hello) : -ENOKEY;

	if (rc == -ENOKEY && keys->has_other)
		rc = parse(frame, len, &keys->other, ret_hello);
	return rc;
}
