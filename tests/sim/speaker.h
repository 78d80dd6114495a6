/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SPEAKER_H
#define SPEAKER_H

#include "arplet/announcer.h"
#include "arplet/election.h"
#include "arplet/link.h"
#include "arplet/action_plan.h"

/*
 * The LAN side of a simulated daemon: its election and its announcer, connected as in
 * src/net/lan_io.c.  The announcer answers for the VIPs that the election holds.
 */
struct sim_node;

/* Callbacks of the election and the announcer (speaker_ops.c); their argument is the node. */
extern const struct election_ops speaker_election_ops;
/* speaker_has_heard - true if a proved hello of @peer has arrived since the daemon started. */
bool speaker_has_heard(const struct sim_node *node, int lan, const char *peer);
/* speaker_on_udp - the node receives a hello as UDP. */
void speaker_on_udp(struct sim_node *node, int lan, const uint8_t *payload, size_t len);
/* speaker_link_made_again - the interface of the node on the LAN is deleted and made again. */
void speaker_link_made_again(struct sim_node *node, int lan);
/* speaker_mac_changed - the interface of the node on the LAN has a new MAC. */
void speaker_mac_changed(struct sim_node *node, int lan);

extern const struct announcer_ops speaker_announcer_ops;

void speaker_start(struct sim_node *node);
void speaker_stop(struct sim_node *node);
void speaker_leave(struct sim_node *node);
bool speaker_left(const struct sim_node *node);
/* speaker_check_stopped - detects a past SIGSTOP; call it before an input is processed. */
void speaker_check_stopped(struct sim_node *node);
void speaker_on_frame(struct sim_node *node, int lan, const uint8_t *frame, size_t len);
/*
 * speaker_queue_hello - queues @frame if it is a hello with the flag HELLO_UNCHANGED on a link with
 * peers.  The daemon does not wake up for such a hello; it reads the hello when it next wakes up
 * for another reason.  Returns false if @frame is not queued.
 */
bool speaker_queue_hello(struct sim_node *node, int lan, const uint8_t *frame, size_t len);
void speaker_link_changed(struct sim_node *node, int lan); /* the carrier changed */
void speaker_tick(struct sim_node *node);
int64_t speaker_next_ms(const struct sim_node *node);
/* speaker_do - carries out an action on the LAN.  Returns false if the action is an API write. */
bool speaker_do(struct sim_node *node, const struct action *act);

/* speaker_answers - true if the node answers an ARP request for @ip from a client on the LAN. */
bool speaker_answers(struct sim_node *node, int lan, const struct ip *ip);

#endif
