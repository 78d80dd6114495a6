/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/kubeconfig.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Aborts if kubeconfig_pick() accepts a context whose cluster has no server. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kubeconfig config = { 0 };
	struct kube_target target;
	struct err err = { "" };

	if (kubeconfig_add(&config, "dir/file", (const char *)data, size, &err) < 0 && !err.text[0])
		abort();
	if (kubeconfig_pick(&config, NULL, &target, &err) == 0 && !target.cluster->server)
		abort();
	kubeconfig_done(&config);
	return 0;
}
