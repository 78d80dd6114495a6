/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REACH_H
#define REACH_H

#include <stdbool.h>

struct sim;

/* hear_each_other - true if both daemons run, and receive each other's hellos by some carrier. */
bool hear_each_other(const struct sim *sim, int lan, int a, int b);

/*
 * node_trusts - true if node @m has to accept the hellos of node @n: the nodes exchange hellos, or
 * a third node that exchanges hellos with both vouches for @n.
 */
bool node_trusts(const struct sim *sim, int lan, int m, int n);

#endif
