/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ELECTION_HELLO_PROOF_H
#define CORE_ELECTION_HELLO_PROOF_H

#include "election_link.h"

struct peer;

enum hello_proof {
	PROOF_NEW,        /* the hello is newer than all hellos of its sender so far */
	PROOF_COPY,       /* a hello that has already arrived by another carrier */
	PROOF_REPLAY,     /* the hello is older than a hello that has already arrived */
	PROOF_MISSING,    /* the hello is possibly a replay; its sender can still prove itself */
	PROOF_OTHER_LINK, /* as PROOF_MISSING, and the hello was sent on another link of this node */
};

/* hello_proof - find out if @hello was sent just now, and on this link; @peer: its sender or NULL. */
enum hello_proof hello_proof(struct election_link *link, struct peer *peer,
    const struct hello *hello, enum hello_carrier carrier, int64_t now_ms);

/*
 * hello_proof_lists_us - true if @hello lists one of the hellos that we sent on the link in the last
 * PROOF_MS; *@ret_as: how, unless @ret_as is NULL.
 */
bool hello_proof_lists_us(const struct election_link *link, const struct hello *hello,
    enum hello_heard_as *ret_as);

/* hello_proof_tick - remember our present sequence number, to know later how old a hello is. */
void hello_proof_tick(struct election_link *link, int64_t now_ms);

/* hello_proof_is_same_start - true if @hello is from the start of the daemon that @peer has now. */
bool hello_proof_is_same_start(const struct peer *peer, const struct hello *hello);

/*
 * hello_proof_request - list @hello, which is unproven, in our next hello, so that the sender's next
 * hello can prove itself.
 */
void hello_proof_request(struct election_link *link, const struct hello *hello, int64_t now_ms);
/*
 * hello_proof_note_vouched - @hello, which is proved, shows that its sender hears unproven senders on
 * this LAN: from now on, newer hellos of these senders are proved too.
 */
void hello_proof_note_vouched(struct election_link *link, const struct hello *hello,
    int64_t now_ms);
/* hello_proof_done - forget the request to the sender of @hello, because the sender is proved. */
void hello_proof_done(struct election_link *link, const struct hello *hello);
/* hello_proof_add_requests - add up to @max unproven senders that wait for it to our @hello. */
void hello_proof_add_requests(struct election_link *link, struct hello *hello, size_t max,
    int64_t now_ms);
/* hello_proof_has_requests - true if an unproven sender waits for our next hello. */
bool hello_proof_has_requests(const struct election_link *link);

#endif
