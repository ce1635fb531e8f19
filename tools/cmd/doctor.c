// SPDX-License-Identifier: GPL-2.0
/*
 * The verb doctor.
 * Copyright (C) the l2packet_counter authors
 */
#include "cmd/verb.h"
#include "doctor/doctor.h"

int verb_doctor(const struct call *call)
{
	return doctor_run(&call->options);
}
