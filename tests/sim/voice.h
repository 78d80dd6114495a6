/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VOICE_H
#define VOICE_H

#include "arplet/link.h"
#include "arplet/plan.h"

/*
 * The LAN side of a daemon, joined as src/net/port.c joins it: the election decides what the
 * announcer answers for.
 */
struct host;

void voice_start(struct host *node);
void voice_stop(struct host *node);
void voice_leave(struct host *node);
bool voice_left(const struct host *node);
void voice_wake(struct host *node); /* before anything else that has come in */
void voice_on_frame(struct host *node, int lan, const uint8_t *frame, size_t len);
/*
 * voice_keep - a frame arrives: if it is a hello that is calm, it is kept and read later, as from
 * the socket that nobody watches where there is company.
 */
bool voice_keep(struct host *node, int lan, const uint8_t *frame, size_t len);
void voice_changed(struct host *node, int lan); /* its cable was pulled, or plugged in */
void voice_tick(struct host *node);
int64_t voice_next_ms(const struct host *node);
bool voice_act(struct host *node, const struct action *act); /* false: not the LAN's */

/* voice_answers - a client asks on the LAN who has @ip: does this node answer? */
bool voice_answers(struct host *node, int lan, const struct ip *ip);

#endif
