/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/arp.h"
#include "arplet/wire.h"

#include <assert.h>
#include <errno.h>

#define ETHERTYPE_ARP  0x0806
#define ETHERTYPE_IPV4 0x0800
#define HTYPE_ETHERNET 1

static struct ip
read_ipv4(struct wire_reader *r)
{
	struct ip ip = { .family = IPV4 };

	read_bytes(r, ip.b, 4);
	return ip;
}

int
arp_parse(const uint8_t *frame, size_t len, struct arp *ret_arp)
{
	struct wire_reader r = reader_of(frame, len);
	struct arp arp;
	uint16_t op;

	arp.ether_dst = mac_read(&r);
	arp.ether_src = mac_read(&r);
	if (read_u16(&r) != ETHERTYPE_ARP || read_u16(&r) != HTYPE_ETHERNET ||
	    read_u16(&r) != ETHERTYPE_IPV4 || read_u8(&r) != sizeof(struct mac) ||
	    read_u8(&r) != ip_len(IPV4))
		return -EBADMSG;
	op = read_u16(&r);
	if (op != ARP_REQUEST && op != ARP_REPLY)
		return -EBADMSG;
	arp.op = op;
	arp.sender_mac = mac_read(&r);
	arp.sender_ip = read_ipv4(&r);
	arp.target_mac = mac_read(&r);
	arp.target_ip = read_ipv4(&r);
	if (r.failed)
		return -EBADMSG;
	*ret_arp = arp;
	return 0;
}

void
arp_build(const struct arp *arp, uint8_t frame[ARP_FRAME_LEN])
{
	struct wire_writer w = writer_of(frame, ARP_FRAME_LEN);

	write_bytes(&w, arp->ether_dst.b, sizeof(arp->ether_dst.b));
	write_bytes(&w, arp->ether_src.b, sizeof(arp->ether_src.b));
	write_u16(&w, ETHERTYPE_ARP);
	write_u16(&w, HTYPE_ETHERNET);
	write_u16(&w, ETHERTYPE_IPV4);
	write_u8(&w, sizeof(struct mac));
	write_u8(&w, (uint8_t)ip_len(IPV4));
	write_u16(&w, (uint16_t)arp->op);
	write_bytes(&w, arp->sender_mac.b, sizeof(arp->sender_mac.b));
	write_bytes(&w, arp->sender_ip.b, ip_len(IPV4));
	write_bytes(&w, arp->target_mac.b, sizeof(arp->target_mac.b));
	write_bytes(&w, arp->target_ip.b, ip_len(IPV4));
	write_padding(&w);
	assert(!w.failed);
}

/*
 * RFC 5227 demands a target MAC of zeros in a probe, but leaves the target MAC of an announcement
 * open.  In a gratuitous ARP the target MAC is all ones, as in MetalLB.
 */
static const struct {
	enum arp_op op;
	bool claims; /* true: the sender address is the VIP; false: 0.0.0.0 */
	struct mac target_mac;
} notices[ARP_NOTICES] = {
	[ARP_GRATUITOUS_REQUEST] = { ARP_REQUEST, true, MAC_BROADCAST },
	[ARP_GRATUITOUS_REPLY] = { ARP_REPLY, true, MAC_BROADCAST },
	[ARP_PROBE] = { ARP_REQUEST, false, { { 0 } } },
	[ARP_ANNOUNCEMENT] = { ARP_REQUEST, true, { { 0 } } },
};

struct arp
arp_notice(enum arp_notice kind, const struct mac *mac, const struct ip *ip)
{
	return (struct arp){
		.op = notices[kind].op,
		.ether_dst = MAC_BROADCAST,
		.ether_src = *mac,
		.sender_mac = *mac,
		.sender_ip = notices[kind].claims ? *ip : (struct ip){ .family = IPV4 },
		.target_mac = notices[kind].target_mac,
		.target_ip = *ip,
	};
}

struct arp
arp_answer(const struct arp *request, const struct mac *mac)
{
	return (struct arp){
		.op = ARP_REPLY,
		.ether_dst = request->sender_mac,
		.ether_src = *mac,
		.sender_mac = *mac,
		.sender_ip = request->target_ip,
		.target_mac = request->sender_mac,
		.target_ip = request->sender_ip,
	};
}

enum arp_verdict
arp_judge(const struct arp *arp, const struct arp_host *host)
{
	if (host->from_us || !mac_is_host(&arp->sender_mac))
		return ARP_IGNORE;
	if (host->holds_sender)
		return ARP_CONFLICT;
	if (arp->op != ARP_REQUEST || !host->holds_target)
		return ARP_IGNORE;
	if (!mac_equal(&arp->ether_dst, &MAC_BROADCAST) && !mac_equal(&arp->ether_dst, &host->mac))
		return ARP_IGNORE; /* a switch has flooded this frame to another host */
	return ARP_ANSWER;
}
