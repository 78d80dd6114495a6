/* SPDX-License-Identifier: Apache-2.0 */
#include "reach.h"
#include "sim.h"

bool
hear_each_other(const struct sim *sim, int lan, int a, int b)
{
	return a != b && sim->nodes[a].running && !sim->nodes[a].frozen && sim->nodes[b].running &&
	    !sim->nodes[b].frozen && lan_delivers_hellos(sim, lan, a, b) && lan_delivers_hellos(sim, lan, b, a);
}

bool
node_trusts(const struct sim *sim, int lan, int m, int n)
{
	if (!lan_delivers_hellos(sim, lan, n, m))
		return false;
	if (lan_delivers_hellos(sim, lan, m, n))
		return true;
	for (int k = 0; k < (int)sim->n_nodes; k++) {
		if (hear_each_other(sim, lan, k, m) && hear_each_other(sim, lan, k, n))
			return true; /* k vouches for n */
	}
	return false;
}
