/* SPDX-License-Identifier: Apache-2.0 */
/* HMAC() looks its algorithm up on every call, which takes longer than the rest of a hello. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "arplet/hello.h"
#include "arplet/wire.h"

#include <assert.h>
#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <string.h>

#define VERSION     1
#define ETHER_LEN   14
#define FIXED_LEN   41 /* from the version to the length of the name */
#define SHORTEST    60 /* the shortest Ethernet frame without its checksum */
#define FIELD_HEAD  3  /* type and length */
#define HEARD_LEN     8
#define POLL_LEN     4
#define TERM_LEN    4
#define PAD_INNER   0x36 /* of HMAC, RFC 2104 */
#define PAD_OUTER   0x5c

enum field {
	FIELD_HEARD = 1,
	FIELD_POLLS = 2,
	FIELD_PAGE = 3, /* from, to, then addresses with their terms */
};

void
hello_key_init(struct hello_key *key, const void *secret, size_t len)
{
	uint8_t sum[SHA256_DIGEST_LENGTH];
	struct wire_reader r;

	SHA256(secret, len, key->bytes);
	SHA256(key->bytes, sizeof(key->bytes), sum);
	r = reader_of(sum, sizeof(sum));
	key->id = read_u32(&r);
}

size_t
hello_held_len(const struct ip *ip)
{
	return 1 + ip_len(ip->family) + TERM_LEN;
}

size_t
hello_room(const struct hello *hello)
{
	size_t used = ETHER_LEN + FIXED_LEN + strlen(hello->node) + HELLO_MAC_LEN;

	used += FIELD_HEAD + hello->n_heard * HEARD_LEN;
	used += FIELD_HEAD + hello->n_polls * POLL_LEN;
	used += FIELD_HEAD + 2 * (1 + ip_len(IPV6));
	return HELLO_FRAME_MAX - used;
}

static void
write_ip(struct wire_writer *w, const struct ip *ip)
{
	write_u8(w, ip->family);
	write_bytes(w, ip->b, ip_len(ip->family));
}

static void
write_head(struct wire_writer *w, const struct hello *hello, const struct hello_key *key)
{
	write_bytes(w, HELLO_GROUP.b, sizeof(struct mac));
	write_bytes(w, hello->src.b, sizeof(struct mac));
	write_u16(w, HELLO_ETHERTYPE);
	write_u8(w, VERSION);
	write_u8(w, hello->flags);
	write_u16(w, 0); /* the length, which is known at the end */
	write_u32(w, key->id);
	write_u32(w, hello->start_s);
	write_u32(w, hello->nonce);
	write_u32(w, hello->seq);
	write_u64(w, (uint64_t)hello->wall_s);
	write_bytes(w, hello->src.b, sizeof(hello->src.b));
	write_u16(w, hello->interval_ms);
	write_u16(w, hello->dead_ms);
	write_u16(w, hello->n_stable_peers);
	write_u8(w, (uint8_t)strlen(hello->node));
	write_bytes(w, hello->node, strlen(hello->node));
}

static void
write_field(struct wire_writer *w, enum field field, size_t len)
{
	write_u8(w, field);
	write_u16(w, (uint16_t)len);
}

static void
write_page(struct wire_writer *w, const struct hello *hello)
{
	size_t len = 2 + ip_len(hello->from.family) + ip_len(hello->to.family);

	for (size_t i = 0; i < hello->n_held; i++)
		len += hello_held_len(&hello->held[i].ip);
	write_field(w, FIELD_PAGE, len);
	write_ip(w, &hello->from);
	write_ip(w, &hello->to);
	for (size_t i = 0; i < hello->n_held; i++) {
		write_ip(w, &hello->held[i].ip);
		write_u32(w, hello->held[i].term);
	}
}

/* The signature of what goes from the version on, @len bytes, into @ret_mac. */
static void
sign(const struct hello_key *key, const uint8_t *bytes, size_t len, uint8_t ret_mac[HELLO_MAC_LEN])
{
	uint8_t pad[SHA256_CBLOCK] = { 0 }, sum[SHA256_DIGEST_LENGTH];
	SHA256_CTX sha;

	memcpy(pad, key->bytes, sizeof(key->bytes));
	for (size_t i = 0; i < sizeof(pad); i++)
		pad[i] ^= PAD_INNER;
	SHA256_Init(&sha);
	SHA256_Update(&sha, pad, sizeof(pad));
	SHA256_Update(&sha, bytes, len);
	SHA256_Final(sum, &sha);
	for (size_t i = 0; i < sizeof(pad); i++)
		pad[i] ^= PAD_INNER ^ PAD_OUTER;
	SHA256_Init(&sha);
	SHA256_Update(&sha, pad, sizeof(pad));
	SHA256_Update(&sha, sum, sizeof(sum));
	SHA256_Final(sum, &sha);
	memcpy(ret_mac, sum, HELLO_MAC_LEN);
}

size_t
hello_build(const struct hello *hello, const struct hello_key *key, uint8_t frame[HELLO_FRAME_MAX])
{
	struct wire_writer w = writer_of(frame, HELLO_FRAME_MAX), at;
	size_t len;

	write_head(&w, hello, key);
	if (hello->n_heard)
		write_field(&w, FIELD_HEARD, hello->n_heard * HEARD_LEN);
	for (size_t i = 0; i < hello->n_heard; i++) {
		write_u32(&w, hello->heard[i].nonce);
		write_u32(&w, hello->heard[i].seq);
	}
	if (hello->n_polls)
		write_field(&w, FIELD_POLLS, hello->n_polls * POLL_LEN);
	for (size_t i = 0; i < hello->n_polls; i++)
		write_u32(&w, hello->polls[i]);
	if (hello->paged)
		write_page(&w, hello);
	len = HELLO_FRAME_MAX - w.left;
	at = writer_of(frame + ETHER_LEN + 2, 2);
	write_u16(&at, (uint16_t)(len + HELLO_MAC_LEN - ETHER_LEN));
	assert(!w.failed && w.left >= HELLO_MAC_LEN);
	sign(key, frame + ETHER_LEN, len - ETHER_LEN, frame + len);
	len += HELLO_MAC_LEN;
	if (len < SHORTEST) {
		memset(frame + len, 0, SHORTEST - len);
		len = SHORTEST;
	}
	return len;
}

bool
hello_is_unchanged(const uint8_t *frame, size_t len)
{
	struct wire_reader r = reader_of(frame, len);
	uint8_t addrs[2 * sizeof(struct mac)];

	read_bytes(&r, addrs, sizeof(addrs));
	return read_u16(&r) == HELLO_ETHERTYPE && len > HELLO_FLAGS_AT &&
	    frame[HELLO_FLAGS_AT] & HELLO_UNCHANGED;
}

static void
read_ip(struct wire_reader *r, struct ip *ip)
{
	*ip = (struct ip){ .family = read_u8(r) };
	if (ip->family != IPV4 && ip->family != IPV6)
		r->failed = true;
	else
		read_bytes(r, ip->b, ip_len(ip->family));
}

/* Ascending, without doubles, and within its bounds; or the frame is refused. */
static void
read_page(struct wire_reader *r, struct hello *hello)
{
	read_ip(r, &hello->from);
	read_ip(r, &hello->to);
	hello->paged = true;
	while (r->left && !r->failed) {
		struct held_vip *hold = &hello->held[hello->n_held];

		if (hello->n_held == HELLO_HELD_MAX) {
			r->failed = true;
			return;
		}
		read_ip(r, &hold->ip);
		hold->term = read_u32(r);
		if (hello->n_held ? ip_cmp(&hold[-1].ip, &hold->ip) >= 0
				   : ip_cmp(&hello->from, &hold->ip) > 0)
			r->failed = true;
		if (ip_cmp(&hold->ip, &hello->to) > 0)
			r->failed = true;
		hello->n_held++;
	}
}

static void
read_field(struct wire_reader *r, struct hello *hello)
{
	enum field field = read_u8(r);
	size_t len = read_u16(r);
	struct wire_reader value = reader_of(r->p, len);

	if (len > r->left) {
		r->failed = true;
		return;
	}
	r->p += len;
	r->left -= len;
	if (field == FIELD_HEARD) {
		for (; value.left && hello->n_heard < HELLO_HEARD_MAX; hello->n_heard++) {
			hello->heard[hello->n_heard].nonce = read_u32(&value);
			hello->heard[hello->n_heard].seq = read_u32(&value);
		}
	} else if (field == FIELD_POLLS) {
		for (; value.left && hello->n_polls < HELLO_POLLS_MAX; hello->n_polls++)
			hello->polls[hello->n_polls] = read_u32(&value);
	} else if (field == FIELD_PAGE && !hello->paged) {
		read_page(&value, hello);
	} else {
		value.left = 0; /* of a later release */
	}
	r->failed |= value.failed || value.left;
}

/* Takes a name of printable ASCII: it will be written to logs and metrics. */
static void
read_name(struct wire_reader *r, char *name)
{
	size_t len = read_u8(r);

	if (len == 0 || len >= HELLO_NODE_MAX) {
		r->failed = true;
		return;
	}
	read_bytes(r, name, len);
	for (size_t i = 0; i < len; i++)
		r->failed |= name[i] <= ' ' || name[i] > '~';
	name[len] = '\0';
}

/* The frame up to its version, which says whether the rest can be read. */
static int
read_start(struct wire_reader *r, struct hello *hello, size_t *ret_len)
{
	uint8_t addrs[2 * sizeof(struct mac)], version;

	read_bytes(r, addrs, sizeof(addrs));
	if (read_u16(r) != HELLO_ETHERTYPE || r->failed)
		return -EBADMSG;
	*ret_len = r->left;
	version = read_u8(r);
	hello->flags = read_u8(r);
	if (version != VERSION)
		return r->failed ? -EBADMSG : -EPROTONOSUPPORT;
	return 0;
}

int
hello_parse(const uint8_t *frame, size_t len, const struct hello_key *key,
    struct hello *ret_hello)
{
	struct wire_reader r = reader_of(frame, len);
	struct hello hello = { 0 };
	uint8_t mac[HELLO_MAC_LEN];
	size_t there, said;
	int rc = read_start(&r, &hello, &there);

	if (rc < 0)
		return rc;
	said = read_u16(&r);
	if (said < FIXED_LEN + HELLO_MAC_LEN || said > there)
		return -EBADMSG;
	if (read_u32(&r) != key->id)
		return -ENOKEY;
	sign(key, frame + ETHER_LEN, said - HELLO_MAC_LEN, mac);
	if (CRYPTO_memcmp(mac, frame + ETHER_LEN + said - HELLO_MAC_LEN, HELLO_MAC_LEN) != 0)
		return -EACCES;
	r.left -= there - said + HELLO_MAC_LEN; /* padding and signature */
	hello.start_s = read_u32(&r);
	hello.nonce = read_u32(&r);
	hello.seq = read_u32(&r);
	hello.wall_s = (int64_t)read_u64(&r);
	read_bytes(&r, hello.src.b, sizeof(hello.src.b));
	hello.interval_ms = read_u16(&r);
	hello.dead_ms = read_u16(&r);
	hello.n_stable_peers = read_u16(&r);
	read_name(&r, hello.node);
	while (r.left && !r.failed)
		read_field(&r, &hello);
	if (r.failed || !mac_is_host(&hello.src))
		return -EBADMSG;
	*ret_hello = hello;
	return 0;
}
