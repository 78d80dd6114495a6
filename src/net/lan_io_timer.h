/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_LAN_IO_TIMER_H
#define NET_LAN_IO_TIMER_H

#include <stdint.h>

struct lan_io;

/* lan_io_wake_in - let the timer of lan_io fire in @after_ms or earlier. */
void lan_io_wake_in(struct lan_io *io, int64_t after_ms);

/* lan_io_wake - let the timer of lan_io fire when its next work is due. */
void lan_io_wake(struct lan_io *io, int64_t now_ms);

#endif
