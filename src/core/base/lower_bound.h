/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_BASE_LOWER_BOUND_H
#define CORE_BASE_LOWER_BOUND_H

#include <stddef.h>

/*
 * lower_bound - return the index of the first element that is not less than @key, or @n if all are
 * less.  The array @v has @n elements of @size bytes, and must be sorted by the order of @cmp.
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
