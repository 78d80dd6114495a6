/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BPF_H
#define BPF_H

#include "arplet/ip.h"

#include <linux/filter.h>

/*
 * Instructions at most.  The kernel would take BPF_MAXINSNS, but it charges 8 bytes for each to the
 * socket, and while a filter replaces another it charges both: before Linux 6.7 they get 20,480
 * bytes in all (net.core.optmem_max), and more is ENOMEM.
 */
#define BPF_ROOM 1024

/*
 * bpf_arp_filter - the classic BPF program for a packet socket that lets through ARP frames whose
 * target or sender is one of @ips, and nothing else; returns its length.
 *
 * @ips is sorted; those that are not IPv4 are skipped.  More than about 350 scattered addresses do
 * not fit into BPF_ROOM: then neighbours that lie close together share a range, and a few frames
 * get through that are about addresses between them.  None is ever missed.
 */
size_t bpf_arp_filter(const struct ip *ips, size_t n, struct sock_filter ret_prog[BPF_ROOM]);

/*
 * bpf_ndp_filter - the same for neighbour solicitations and advertisements whose target is one of
 * @ips; those that are not IPv6 are skipped.
 *
 * It is exact for a /96 with some 600 scattered addresses, or for some 60 /96s with one each.  With
 * more, targets pass that share the /64 and the last 32 bits with one of ours, then those that
 * share the last 32 bits, then those in between.
 */
size_t bpf_ndp_filter(const struct ip *ips, size_t n, struct sock_filter ret_prog[BPF_ROOM]);

/*
 * bpf_hello_filter, bpf_hello_unchanged_filter - of hellos, those that are not HELLO_UNCHANGED; and those that
 * are.
 */
size_t bpf_hello_filter(const struct ip *ips, size_t n, struct sock_filter ret_prog[BPF_ROOM]);
size_t bpf_hello_unchanged_filter(const struct ip *ips, size_t n, struct sock_filter ret_prog[BPF_ROOM]);

#define BPF_ACCEPT_BYTES 1514 /* what a filter lets through of a frame: all of Ethernet's */

#endif
