/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The verb doctor: is all well, and what mends what is not?
 * Copyright (C) the l2packet_counter authors
 */
#ifndef L2PC_TOOL_DOCTOR_H
#define L2PC_TOOL_DOCTOR_H

#include "output.h"

/** enum health - how bad a finding is */
enum health {
	HEALTH_OK,
	HEALTH_NOTE,	/* worth to know; nothing is wrong */
	HEALTH_BAD,	/* keeps frames from being counted */
};

#define FINDING_TEXT	512

/**
 * struct doctor - an examination
 * @output: where findings are written
 * @release: of the running kernel
 * @module: file of the module for that kernel, empty when it is not installed
 * @bad: findings that are bad
 */
struct doctor {
	struct output output;
	char release[128];
	char module[512];
	unsigned int bad;
};

/**
 * doctor_find() - write a finding
 * @doctor: the examination
 * @health: how bad
 * @subject: one word for what was looked at
 * @mend: the command that mends it, or NULL
 * @format: of the sentence
 */
void doctor_find(struct doctor *doctor, enum health health, const char *subject, const char *mend,
		 const char *format, ...) __attribute__((format(printf, 5, 6)));

/** doctor_system() - kernel, headers, signatures @doctor: the examination */
void doctor_system(struct doctor *doctor);

/** doctor_module() - is it installed, loaded, and does it answer? @doctor: the examination
 *
 * Return: it answers
 */
bool doctor_module(struct doctor *doctor);

/** doctor_ports() - what is counted, and what could be @doctor: the examination
 * @answers: the module does
 */
void doctor_ports(struct doctor *doctor, bool answers);

#endif /* L2PC_TOOL_DOCTOR_H */
