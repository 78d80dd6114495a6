/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/ndp.h"
#include "arplet/wire.h"

#include <assert.h>
#include <errno.h>

#define ETHERTYPE_IPV6 0x86dd
#define NEXT_ICMPV6    58
#define HOP_LIMIT      255 /* proves that no router has forwarded the packet (RFC 4861) */
#define MESSAGE_LEN    24  /* without options */
#define OPTION_UNIT    8   /* an option states its length in units of 8 bytes */

enum { OPTION_SOURCE_MAC = 1, OPTION_TARGET_MAC = 2 };

#define ALL_NODES     ((struct ip){ IPV6, { 0xff, 0x02, [15] = 1 } })
#define MAC_ALL_NODES ((struct mac){ { 0x33, 0x33, 0, 0, 0, 1 } })

static bool
is_group(const struct ip *ip)
{
	return ip->b[0] == 0xff;
}

static bool
is_unspecified(const struct ip *ip)
{
	return ip_equal(ip, &(struct ip){ .family = IPV6 });
}

static struct ip
read_ipv6(struct wire_reader *r)
{
	struct ip ip = { .family = IPV6 };

	read_bytes(r, ip.b, sizeof(ip.b));
	return ip;
}

/* The ones' complement sum of message and pseudo-header (RFC 8200 8.1); 0xffff: no error. */
static uint16_t
checksum(const struct ndp *ndp, const uint8_t *message, size_t len)
{
	uint32_t sum = (uint32_t)len + NEXT_ICMPV6;

	for (size_t i = 0; i < sizeof(ndp->src.b); i++)
		sum += (uint32_t)(ndp->src.b[i] + ndp->dst.b[i]) << (i % 2 ? 0 : 8);
	for (size_t i = 0; i < len; i++)
		sum += (uint32_t)message[i] << (i % 2 ? 0 : 8);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

/* Reads the headers; returns the length of the following ICMPv6 message, or 0 without a message. */
static uint16_t
read_headers(struct wire_reader *r, struct ndp *ndp)
{
	uint16_t len;

	ndp->ether_dst = mac_read(r);
	ndp->ether_src = mac_read(r);
	if (read_u16(r) != ETHERTYPE_IPV6 || read_u32(r) >> 28 != 6)
		return 0;
	len = read_u16(r);
	if (read_u8(r) != NEXT_ICMPV6 || read_u8(r) != HOP_LIMIT)
		return 0;
	ndp->src = read_ipv6(r);
	ndp->dst = read_ipv6(r);
	return r->left < len ? 0 : len;
}

/* Reads all options, and uses the first one with a MAC; returns false if an option is malformed. */
static bool
read_options(struct wire_reader *r, struct ndp *ndp)
{
	uint8_t wanted =
	    ndp->type == NDP_SOLICITATION ? OPTION_SOURCE_MAC : OPTION_TARGET_MAC;

	ndp->has_mac = false;
	memset(&ndp->mac, 0, sizeof(ndp->mac));
	while (r->left && !r->failed) {
		uint8_t type = read_u8(r), units = read_u8(r), rest[255 * OPTION_UNIT];

		if (!units)
			return false;
		read_bytes(r, rest, (size_t)units * OPTION_UNIT - 2);
		if (type != wanted || ndp->has_mac)
			continue;
		if (units != 1)
			return false; /* an option with an Ethernet MAC has 8 bytes */
		ndp->has_mac = true;
		memcpy(ndp->mac.b, rest, sizeof(ndp->mac.b));
	}
	return !r->failed;
}

static bool
read_message(struct wire_reader *r, struct ndp *ndp)
{
	uint8_t type = read_u8(r);

	if (read_u8(r) != 0)
		return false; /* the ICMPv6 code */
	read_u16(r); /* the checksum: ndp_parse() verifies it */
	if (type != NDP_SOLICITATION && type != NDP_ADVERTISEMENT)
		return false;
	ndp->type = type;
	ndp->flags = read_u32(r) >> 24 & (NDP_ROUTER | NDP_SOLICITED | NDP_OVERRIDE);
	if (ndp->type == NDP_SOLICITATION)
		ndp->flags = 0;
	ndp->target = read_ipv6(r);
	return read_options(r, ndp);
}

/* Does those checks of RFC 4861 7.1.1 and 7.1.2 that only compare fields of the message. */
static bool
is_valid(const struct ndp *ndp)
{
	const struct ip group = ndp_group(&ndp->target);

	if (is_group(&ndp->target) || is_group(&ndp->src))
		return false;
	if (ndp->type == NDP_ADVERTISEMENT)
		return !is_unspecified(&ndp->src) &&
		    !(is_group(&ndp->dst) && (ndp->flags & NDP_SOLICITED));
	return !is_unspecified(&ndp->src) || (!ndp->has_mac && ip_equal(&ndp->dst, &group));
}

int
ndp_parse(const uint8_t *frame, size_t len, struct ndp *ret_ndp)
{
	struct wire_reader r = reader_of(frame, len);
	struct ndp ndp;
	uint16_t message_len = read_headers(&r, &ndp);

	if (r.failed || message_len < MESSAGE_LEN)
		return -EBADMSG;
	r.left = message_len;
	if (checksum(&ndp, r.p, message_len) != 0xffff || !read_message(&r, &ndp) ||
	    !is_valid(&ndp))
		return -EBADMSG;
	*ret_ndp = ndp;
	return 0;
}

static void
write_message(struct wire_writer *w, const struct ndp *ndp, uint16_t sum)
{
	write_u8(w, (uint8_t)ndp->type);
	write_u8(w, 0);
	write_u16(w, sum);
	write_u8(w, ndp->flags);
	write_bytes(w, (const uint8_t[3]){ 0 }, 3);
	write_bytes(w, ndp->target.b, sizeof(ndp->target.b));
	if (ndp->has_mac) {
		write_u8(w, ndp->type == NDP_SOLICITATION ? OPTION_SOURCE_MAC : OPTION_TARGET_MAC);
		write_u8(w, 1);
		write_bytes(w, ndp->mac.b, sizeof(ndp->mac.b));
	}
}

size_t
ndp_build(const struct ndp *ndp, uint8_t frame[NDP_FRAME_MAX])
{
	uint16_t len = MESSAGE_LEN + (ndp->has_mac ? OPTION_UNIT : 0);
	struct wire_writer w = writer_of(frame, NDP_FRAME_MAX), message;

	write_bytes(&w, ndp->ether_dst.b, sizeof(ndp->ether_dst.b));
	write_bytes(&w, ndp->ether_src.b, sizeof(ndp->ether_src.b));
	write_u16(&w, ETHERTYPE_IPV6);
	write_bytes(&w, (const uint8_t[4]){ 6 << 4 }, 4); /* version, class, flow label */
	write_u16(&w, len);
	write_u8(&w, NEXT_ICMPV6);
	write_u8(&w, HOP_LIMIT);
	write_bytes(&w, ndp->src.b, sizeof(ndp->src.b));
	write_bytes(&w, ndp->dst.b, sizeof(ndp->dst.b));
	message = w;
	write_message(&w, ndp, 0);
	write_message(&message, ndp, (uint16_t)~checksum(ndp, message.p, len));
	assert(!w.failed);
	return NDP_FRAME_MAX - w.left;
}

struct ndp
ndp_notice(const struct mac *mac, const struct ip *src, const struct ip *target)
{
	return (struct ndp){
		.type = NDP_ADVERTISEMENT,
		.flags = NDP_OVERRIDE,
		.ether_dst = MAC_ALL_NODES,
		.ether_src = *mac,
		.src = *src,
		.dst = ALL_NODES,
		.target = *target,
		.has_mac = true,
		.mac = *mac,
	};
}

/* The Ethernet address of the IPv6 multicast group @ip (RFC 2464 7). */
static struct mac
group_mac(const struct ip *ip)
{
	return (struct mac){ { 0x33, 0x33, ip->b[12], ip->b[13], ip->b[14], ip->b[15] } };
}

struct ndp
ndp_probe(const struct mac *mac, const struct ip *target)
{
	const struct ip group = ndp_group(target);

	return (struct ndp){
		.type = NDP_SOLICITATION,
		.ether_dst = group_mac(&group),
		.ether_src = *mac,
		.src = { .family = IPV6 },
		.dst = group,
		.target = *target,
	};
}

struct ndp
ndp_answer(const struct ndp *solicitation, const struct mac *mac, const struct ip *src)
{
	struct ndp answer = ndp_notice(mac, src, &solicitation->target);

	if (is_unspecified(&solicitation->src))
		return answer;
	answer.flags |= NDP_SOLICITED;
	answer.ether_dst = ndp_mac_of(solicitation);
	answer.dst = solicitation->src;
	return answer;
}

struct mac
ndp_mac_of(const struct ndp *ndp)
{
	return ndp->has_mac ? ndp->mac : ndp->ether_src;
}

struct ip
ndp_group(const struct ip *ip)
{
	struct ip group = { IPV6, { 0xff, 0x02, [11] = 1, [12] = 0xff } };

	memcpy(group.b + 13, ip->b + 13, 3);
	return group;
}

enum ndp_verdict
ndp_judge(const struct ndp *ndp, const struct ndp_host *host)
{
	const struct mac peer = ndp_mac_of(ndp);

	if (host->from_us || !host->holds_target || !mac_is_host(&peer))
		return NDP_IGNORE;
	if (ndp->type == NDP_ADVERTISEMENT)
		return NDP_CONFLICT;
	if (!(ndp->ether_dst.b[0] & 1) && !mac_equal(&ndp->ether_dst, &host->mac))
		return NDP_IGNORE; /* a frame to another host, which a switch flooded */
	return NDP_ANSWER;
}
