/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ANNOUNCER_ANNOUNCER_STATE_H
#define CORE_ANNOUNCER_ANNOUNCER_STATE_H

#include "ann_tx.h"

struct announcer {
	struct ann_tx tx;
	struct announcer_opts opts;
	struct ann_links links;
};

#endif
