/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario.h"

const char setup_allocator[] =
	"see status warnings\n"
	"opts endpoints\n"
	"allocator on\n"
	"restart\n"
	"node n1\n"
	"adv all\n"
	"ns d\n"
	"ns e\n"
	"sync\n";

const char setup_announcer[] =
	"see vips warnings\n"
	"allocator on\n"
	"node n1\n"
	"adv all\n"
	"pool a 10.0.0.0/24\n"
	"sync\n";
