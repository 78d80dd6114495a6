/* SPDX-License-Identifier: Apache-2.0 */
#include "net/bpf.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define IPS_MAX 4096

static int
cmp_ip(const void *a, const void *b)
{
	return ip_cmp(a, b);
}

/*
 * Aborts if the kernel would reject the BPF program, because the program jumps past its end or does
 * not return.
 */
static void
check_program(const struct sock_filter *prog, size_t n)
{
	if (n < 1 || n > BPF_ROOM || prog[n - 1].code != (BPF_RET | BPF_K))
		abort();
	for (size_t i = 0; i < n; i++) {
		size_t last = n - i - 1; /* every jump offset must be smaller than @last */

		if (prog[i].code == (BPF_JMP | BPF_JA) && prog[i].k >= last)
			abort();
		if (BPF_CLASS(prog[i].code) == BPF_JMP && BPF_OP(prog[i].code) != BPF_JA &&
		    (prog[i].jt >= last || prog[i].jf >= last))
			abort();
	}
}

/*
 * Each byte of the input is the distance from one address to the next, so that the set of addresses
 * is dense or sparse.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sock_filter prog[BPF_ROOM];
	static struct ip ips[IPS_MAX];
	size_t n = size < IPS_MAX ? size : IPS_MAX;
	uint32_t value = 0;

	for (size_t i = 0; i < n; i++) {
		value += data[i] < 128 ? data[i] : (uint32_t)data[i] << (data[i] % 20);
		ips[i] = (struct ip){ data[i] == 255 ? IPV6 : IPV4,
			{ (uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
			    (uint8_t)value } };
	}
	qsort(ips, n, sizeof(ips[0]), cmp_ip);
	check_program(prog, bpf_arp_filter(1, ips, n, prog));
	for (size_t i = 0; i < n; i++) {
		ips[i].family = IPV6; /* moves the 4 bytes to any word of the IPv6 address */
		memmove(ips[i].b + data[i] % 4 * 4, ips[i].b, 4);
	}
	qsort(ips, n, sizeof(ips[0]), cmp_ip);
	check_program(prog, bpf_ndp_filter(1, ips, n, prog));
	return 0;
}
