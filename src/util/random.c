/* SPDX-License-Identifier: Apache-2.0 */
#include "random.h"

#include <assert.h>
#include <sys/random.h>
#include <sys/types.h>

void
random_bytes(void *buf, size_t n)
{
	ssize_t got;

	assert(n <= 256); /* a signal never interrupts getrandom() of at most 256 bytes */
	got = getrandom(buf, n, 0);
	assert(got == (ssize_t)n);
}

uint32_t
random_u32(void)
{
	uint32_t n;

	random_bytes(&n, sizeof(n));
	return n;
}
