/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DRYRUN_STATUS_SUMMARY_H
#define DRYRUN_STATUS_SUMMARY_H

#include "arplet/world.h"

#include <stdio.h>

/* status_summary_note_unserved - print how many LoadBalancer Services arplet does not serve. */
void status_summary_note_unserved(const struct world *world, FILE *notes);

/*
 * status_summary_print - print how many Services keep the address in their status, get another
 * address, or lose their address.  Prints nothing if no Service has an address in its status.
 */
void status_summary_print(const struct world *world, FILE *notes);

#endif
