/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_BPF_H
#define NET_BPF_H

#include "arplet/ip.h"

#include <linux/filter.h>

/*
 * Limit for the instructions of a filter.  The kernel accepts BPF_MAXINSNS (4,096) instructions,
 * but charges 8 bytes per instruction to the socket.  While one filter replaces another, the kernel
 * charges both filters.  Before Linux 6.7 the limit for both filters is 20,480 bytes
 * (net.core.optmem_max): if they are larger, the replacement fails with ENOMEM.
 */
#define BPF_ROOM 1024

/*
 * All filters pass only frames that the interface @ifindex received without a VLAN tag, and that
 * are addressed to this host, to a group or to all hosts: see emit_start() in bpf.c.  @ifindex 0:
 * any interface.
 *
 * bpf_arp_filter - write a classic BPF program that passes ARP frames whose target or sender is one
 * of @ips, and no other frames.  Returns the number of instructions of the program.
 *
 * @ips is sorted; IPv6 addresses in it are skipped.  A filter for more than about 350 scattered
 * addresses does not fit into BPF_ROOM.  With more addresses, the filter merges addresses that are
 * close together into ranges, so that frames about other addresses in a range pass, too.  Frames
 * about @ips always pass.
 */
size_t bpf_arp_filter(int ifindex, const struct ip *ips, size_t n,
    struct sock_filter ret_prog[BPF_ROOM]);

/*
 * bpf_ndp_filter - write a program that passes neighbour solicitations and advertisements whose
 * target is one of @ips, and no other frames.  Returns the number of instructions of the program.
 *
 * @ips is sorted; IPv4 addresses in it are skipped.
 * The filter is exact for about 600 scattered addresses in one /96, or for about 60 addresses in
 * different /96s.  With more addresses, the filter compares less of the target: only the /64 and
 * the last 32 bits; if the filter is still too long, only the last 32 bits, or only ranges of them.
 */
size_t bpf_ndp_filter(int ifindex, const struct ip *ips, size_t n,
    struct sock_filter ret_prog[BPF_ROOM]);

/*
 * bpf_hello_filter - write a program that passes hellos without the flag HELLO_UNCHANGED.
 * bpf_hello_unchanged_filter - write a program that passes hellos with the flag HELLO_UNCHANGED.
 * The hello filters return the number of instructions, and do not use @ips.
 */
size_t bpf_hello_filter(int ifindex, const struct ip *ips, size_t n,
    struct sock_filter ret_prog[BPF_ROOM]);
size_t bpf_hello_unchanged_filter(int ifindex, const struct ip *ips, size_t n,
    struct sock_filter ret_prog[BPF_ROOM]);

#define BPF_ACCEPT_BYTES 1514 /* size of the largest Ethernet frame: no frame is truncated */

#endif
