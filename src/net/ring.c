/* SPDX-License-Identifier: Apache-2.0 */
#include "ring.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <sys/mman.h>
#include <sys/socket.h>

/* A slot begins with the kernel's header, and RING_FRAME bytes of the frame end it. */
#define SLOT_BYTES 128
#define SLOTS      512 /* 64 KiB: a multiple of every size that a page can have */

static struct tpacket2_hdr *
slot_at(const struct ring *ring)
{
	return (struct tpacket2_hdr *)(void *)(ring->slots + ring->at * SLOT_BYTES);
}

int
ring_open(struct ring *ring, int fd)
{
	const int version = TPACKET_V2;
	const struct tpacket_req req = {
		.tp_block_size = SLOTS * SLOT_BYTES,
		.tp_block_nr = 1,
		.tp_frame_size = SLOT_BYTES,
		.tp_frame_nr = SLOTS,
	};
	void *slots;

	if (setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)) < 0 ||
	    setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &req, sizeof(req)) < 0)
		return -errno;
	slots = mmap(NULL, SLOTS * SLOT_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (slots == MAP_FAILED)
		return -errno;
	*ring = (struct ring){ slots, 0 };
	return 0;
}

void
ring_done(struct ring *ring)
{
	if (ring->slots)
		munmap(ring->slots, SLOTS * SLOT_BYTES);
	ring->slots = NULL;
}

const uint8_t *
ring_look(const struct ring *ring, size_t *ret_len)
{
	const struct tpacket2_hdr *slot = slot_at(ring);

	if (!(__atomic_load_n(&slot->tp_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER))
		return NULL;
	*ret_len = slot->tp_snaplen;
	return (const uint8_t *)slot + slot->tp_mac;
}

void
ring_pass(struct ring *ring)
{
	__atomic_store_n(&slot_at(ring)->tp_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
	ring->at = (ring->at + 1) % SLOTS;
}
