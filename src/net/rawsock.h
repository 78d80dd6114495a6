/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RAWSOCK_H
#define RAWSOCK_H

#include "arplet/mac.h"

#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A packet socket for one protocol on one link.  Functions that fail return a negative errno. */

/*
 * rawsock_open - a non-blocking socket that receives what @filter lets through of the frames of
 * @ethertype (ETH_P_ARP ...), from its first on: it is bound to nothing until the filter is in
 * place.  Needs CAP_NET_RAW.
 */
int rawsock_open(int ifindex, uint16_t ethertype, const struct sock_fprog *filter)
    __attribute__((warn_unused_result));

/* rawsock_set_filter - @filter replaces the one before; no frame meets none of them. */
int rawsock_set_filter(int fd, const struct sock_fprog *filter) __attribute__((warn_unused_result));

/* rawsock_join - receive what is sent to a multicast MAC, too. */
int rawsock_join(int fd, int ifindex, const struct mac *group) __attribute__((warn_unused_result));

/* rawsock_recv - bytes of the frame in @frame; -EAGAIN when none waits. */
ssize_t rawsock_recv(int fd, uint8_t *frame, size_t size);

/* rawsock_send - 0, when the kernel took the frame. */
int rawsock_send(int fd, const uint8_t *frame, size_t len) __attribute__((warn_unused_result));

#endif
