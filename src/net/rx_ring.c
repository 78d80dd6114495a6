/* SPDX-License-Identifier: Apache-2.0 */
#include "rx_ring.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <sys/mman.h>
#include <sys/socket.h>

/* A slot of the ring has the kernel's header, and then up to RING_FRAME bytes of the frame. */
#define SLOT_BYTES 128
#define SLOTS      512 /* 64 KiB of slots, a multiple of every page size */

static struct tpacket2_hdr *
slot_at(const struct rx_ring *rx_ring)
{
	return (struct tpacket2_hdr *)(void *)(rx_ring->slots + rx_ring->at * SLOT_BYTES);
}

int
rx_ring_open(struct rx_ring *rx_ring, int fd)
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
	*rx_ring = (struct rx_ring){ slots, 0 };
	return 0;
}

void
rx_ring_done(struct rx_ring *rx_ring)
{
	if (rx_ring->slots)
		munmap(rx_ring->slots, SLOTS * SLOT_BYTES);
	rx_ring->slots = NULL;
}

const uint8_t *
rx_ring_peek(const struct rx_ring *rx_ring, size_t *ret_len)
{
	const struct tpacket2_hdr *slot = slot_at(rx_ring);

	if (!(__atomic_load_n(&slot->tp_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER))
		return NULL;
	*ret_len = slot->tp_snaplen;
	return (const uint8_t *)slot + slot->tp_mac;
}

void
rx_ring_release(struct rx_ring *rx_ring)
{
	__atomic_store_n(&slot_at(rx_ring)->tp_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
	rx_ring->at = (rx_ring->at + 1) % SLOTS;
}
