/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_ADDR_LIST_H
#define NET_ADDR_LIST_H

#include "arplet/link.h"

/*
 * Changes of the addresses of a link, whose array the caller frees.  The addresses are sorted, and
 * have no duplicates, except while @unsorted is true.
 *
 * addr_list_add, addr_list_remove - return true if the addresses have changed; with @unsorted,
 * addr_list_add() appends without a search.
 */
bool addr_list_add(struct link *link, const struct link_addr *addr, bool unsorted);
bool addr_list_remove(struct link *link, const struct link_addr *addr, bool unsorted);
/* addr_list_sort - sort the addresses, and remove duplicates. */
void addr_list_sort(struct link *link);

#endif
