/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SPEAKER_H
#define SPEAKER_H

#include "arplet/link.h"
#include "arplet/plan.h"

/*
 * The LAN side of a daemon, joined as src/net/port.c joins it: the election decides what the
 * announcer answers for.
 */
struct sim_node;

void speaker_start(struct sim_node *node);
void speaker_stop(struct sim_node *node);
void speaker_leave(struct sim_node *node);
bool speaker_left(const struct sim_node *node);
void speaker_check_stopped(struct sim_node *node); /* before anything else that has come in */
void speaker_on_frame(struct sim_node *node, int lan, const uint8_t *frame, size_t len);
/*
 * speaker_queue_hello - a frame arrives: if it is a hello that is calm, it is kept and read later, as from
 * the socket that nobody watches where there is company.
 */
bool speaker_queue_hello(struct sim_node *node, int lan, const uint8_t *frame, size_t len);
void speaker_link_changed(struct sim_node *node, int lan); /* its cable was pulled, or plugged in */
void speaker_tick(struct sim_node *node);
int64_t speaker_next_ms(const struct sim_node *node);
bool speaker_do(struct sim_node *node, const struct action *act); /* false: not the LAN's */

/* speaker_answers - a client asks on the LAN who has @ip: does this node answer? */
bool speaker_answers(struct sim_node *node, int lan, const struct ip *ip);

#endif
