/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROUBLE_H
#define TROUBLE_H

/* Who else has the addresses of Services. */

#include "world_impl.h"

/* trouble_mark_own - look again at the Services whose addresses are configured on @links. */
void trouble_mark_own(struct world *world, const struct link *links, size_t n);
/* trouble_tell - an Event when what is to be told about the addresses of @svc has changed. */
void trouble_tell(struct world *world, struct svc *svc, struct arena *mem, struct plan *plan);

#endif
