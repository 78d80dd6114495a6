/* SPDX-License-Identifier: Apache-2.0 */
#include "sim.h"
#include "speaker.h"
#include "steps.h"

/* Faults of hellos and of interfaces; ARP gets through. */

void
step_no_multicast_begin(struct sim *sim, const struct step *step)
{
	sim->lans[step->lan].no_multicast++;
}

void
step_no_multicast_end(struct sim *sim, const struct step *step)
{
	sim->lans[step->lan].no_multicast--;
}

void
step_no_udp_begin(struct sim *sim, const struct step *step)
{
	sim->lans[step->lan].no_udp++;
}

void
step_no_udp_end(struct sim *sim, const struct step *step)
{
	sim->lans[step->lan].no_udp--;
}

void
step_deaf_begin(struct sim *sim, const struct step *step)
{
	sim->lans[step->lan].deaf[step->node][step->other]++;
}

void
step_deaf_end(struct sim *sim, const struct step *step)
{
	sim->lans[step->lan].deaf[step->node][step->other]--;
}

void
step_relay_begin(struct sim *sim, const struct step *step)
{
	sim->lans[step->lan].relayed += sim->n_lans > 1;
}

void
step_relay_end(struct sim *sim, const struct step *step)
{
	sim->lans[step->lan].relayed -= sim->n_lans > 1;
}

void
step_make_again(struct sim *sim, const struct step *step)
{
	speaker_link_made_again(&sim->nodes[step->node], step->lan);
}

void
step_change_mac(struct sim *sim, const struct step *step)
{
	speaker_mac_changed(&sim->nodes[step->node], step->lan);
}
