/* SPDX-License-Identifier: Apache-2.0 */
#include "scripted_peer.h"

#include <string.h>

struct hello
scripted_hello(void)
{
	static uint32_t nonces;
	const uint32_t nonce = 1000000 + ++nonces;
	struct hello hello = {
		.src = { { 2, 0, 0, 0, 0, 0x99 } },
		.flags = HELLO_STARTED,
		.start_s = (uint32_t)lan.wall_s,
		.nonce = nonce,
		.link_nonce = nonce + 1000000,
		.interval_ms = 100,
		.dead_ms = 350,
		.paged = true,
		.from = IP_FIRST,
		.to = IP_LAST,
	};

	strcpy(hello.node, "n2"); /* node n2 is a candidate, but its daemon does not run */
	return hello;
}

void
scripted_hold(struct hello *hello, uint32_t term)
{
	hello->n_held = 1;
	hello->held[0] = (struct held_vip){ lan.measured, term };
}

int
scripted_send(struct hello *hello)
{
	const struct hello_key key = lan_key();
	struct frame frame;
	int rc = 0;

	hello->seq++;
	frame.len = hello_build(hello, &key, frame.bytes);
	for (size_t i = 0; i < 3; i++) {
		if (lan.nodes[i].e)
			rc = lan_receive(&lan, i, &frame);
	}
	return rc;
}

/* The entry of a hello whose sender has received the last hello of node @i. */
static struct hello_heard
last_heard(size_t i)
{
	const struct frame *frame = &lan.nodes[i].last_sent;
	const struct hello_key key = lan_key();
	struct hello hello;

	assert_int_equal(hello_parse(frame->bytes, frame->len, &key, &hello), 0);
	return (struct hello_heard){ hello.link_nonce, hello.seq, HEARD };
}

void
scripted_prove(const struct hello *hello)
{
	struct hello proof = *hello;

	lan_run(&lan, 1);
	proof.n_held = proof.n_heard = 0;
	for (size_t i = 0; i < 3; i++) {
		if (lan.nodes[i].e)
			proof.heard[proof.n_heard++] = last_heard(i);
	}
	assert_int_equal(scripted_send(&proof), 0);
}
