// SPDX-License-Identifier: GPL-2.0
/*
 * An examination: one line a finding, and below it the command that mends it.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "doctor/doctor.h"
#include "source/devices.h"
#include "util/files.h"

static const char *const words[] = {
	[HEALTH_OK] = "ok",
	[HEALTH_NOTE] = "note",
	[HEALTH_BAD] = "bad",
};

static const enum color colors[] = {
	[HEALTH_OK] = COLOR_NAME,
	[HEALTH_NOTE] = COLOR_MAC,
	[HEALTH_BAD] = COLOR_ALARM,
};

const char *doctor_mend(const char *format, ...)
{
	static char mend[FINDING_TEXT];
	va_list args;

	va_start(args, format);
	vsnprintf(mend, sizeof(mend), format, args);
	va_end(args);
	return mend;
}

static bool writes_json(const struct doctor *doctor)
{
	return doctor->output.format == &format_json;
}

void doctor_find(struct doctor *doctor, enum health health, const char *subject, const char *mend,
		 const char *format, ...)
{
	struct json *json = &doctor->output.json;
	char text[FINDING_TEXT], about[FINDING_TEXT];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	printable(text);
	doctor->bad += health == HEALTH_BAD;
	if (writes_json(doctor)) {
		json_open(json, NULL, '{');
		json_string(json, "subject", subject);
		json_string(json, "health", words[health]);
		json_string(json, "text", text);
		if (mend)
			json_string(json, "mend", mend);
		json_close(json, '}');
		return;
	}
	snprintf(about, sizeof(about), "%s", subject);
	printf("%s%-4s%s  %s: %s\n", color_on(colors[health]), words[health],
	       color_off(colors[health]), printable(about), text);
	if (mend) {
		snprintf(text, sizeof(text), "%s", mend);
		printf("      %s\n", printable(text));
	}
}

int doctor_run(const struct options *options)
{
	struct doctor doctor = { 0 };

	output_init(&doctor.output, options);
	output_begin(&doctor.output);
	interfaces_read(&doctor.interfaces, true);
	doctor_system(&doctor);
	/* Asking for flowtables must not load nf_tables. */
	devices_read(file_exists("/sys/module/nf_tables") ||
		     !doctor_find_module(&doctor, "/nf_tables.ko", NULL, 0));
	doctor_ports(&doctor, doctor_module(&doctor));
	free(doctor.interfaces.name);
	/* As text, output_end() would report that nothing was shown. */
	if (writes_json(&doctor))
		output_end(&doctor.output);
	else if (doctor.bad)
		printf("%u thing%s to be mended\n", doctor.bad, text_plural(doctor.bad));
	else
		puts("all is well");
	return doctor.bad ? STATUS_FAILED : STATUS_DONE;
}
