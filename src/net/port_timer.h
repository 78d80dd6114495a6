/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORT_TIMER_H
#define PORT_TIMER_H

#include <stdint.h>

struct port;

/* port_wake_in - let the port's timer fire in @after_ms, unless it fires earlier. */
void port_wake_in(struct port *port, int64_t after_ms);

/* port_wake - let the timer fire when the next work of the port is due. */
void port_wake(struct port *port, int64_t now_ms);

#endif
