/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_BASE_SEARCH_H
#define CORE_BASE_SEARCH_H

#include <stddef.h>

/*
 * lower_bound - index of the first of the @n sorted elements at @v that is not before @key, or @n.
 * @cmp compares an element with the key, as the sorting did.
 */
static inline size_t
lower_bound(const void *key, const void *v, size_t n, size_t size,
    int (*cmp)(const void *element, const void *key))
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (cmp((const char *)v + mid * size, key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

#endif
