/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UTIL_RANDOM_H
#define UTIL_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/*
 * random_bytes - fill @buf with @n bytes, at most 256, from the kernel's random number generator.
 */
void random_bytes(void *buf, size_t n);

uint32_t random_u32(void);

#endif
