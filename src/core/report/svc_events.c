/* SPDX-License-Identifier: Apache-2.0 */
#include "svc_events.h"

#include "arplet/action_plan.h"

/* Posts an Event about annotations that are deprecated or unknown. */
static void
report_annotations(struct svc *svc, struct plan *plan)
{
	const char *old = svc->ours ? svc_spec(svc)->deprecated : NULL;
	const char *unknown = svc->ours ? svc_spec(svc)->unknown : NULL;

	if (svc_set_message(svc, MSG_DEPRECATED, old) && old)
		plan_event(plan, svc->e.obj, true, "deprecatedAnnotation",
		    "annotation %s is deprecated; use the annotation of the same name with the prefix metallb.io/",
		    old);
	if (svc_set_message(svc, MSG_UNKNOWN_ANNOTATION, unknown) && unknown)
		plan_event(plan, svc->e.obj, true, "UnknownAnnotation",
		    "annotation %s is not known and does nothing; a Service may have "
		    "metallb.io/loadBalancerIPs, metallb.io/address-pool and "
		    "metallb.io/allow-shared-ip", unknown);
}

/* Posts an Event if arplet does not store all labels or ports of the Service. */
static void
report_too_large(struct svc *svc, struct plan *plan)
{
	const struct sharing *share = svc_spec(svc)->share;
	const char *text = NULL;

	if (svc->ours && labels_are_unknown(&svc->e.obj->meta.labels))
		text = "the Service has more labels than arplet stores, so selectors of pools and advertisements do not match it; use at most 64 labels with together at most 1,000 bytes";
	else if (svc->ours && share && share->many_ports)
		text = "the Service has more than 256 ports, so it shares its address with no other Service";
	if (svc_set_message(svc, MSG_TOO_LARGE, text) && text)
		plan_event(plan, svc->e.obj, true, "ServiceTooLarge", "%s", text);
}

void
svc_events_post(struct svc *svc, struct plan *plan)
{
	report_annotations(svc, plan);
	report_too_large(svc, plan);
}
