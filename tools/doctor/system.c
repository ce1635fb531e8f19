// SPDX-License-Identifier: GPL-2.0
/*
 * The verb doctor: the kernel, its headers, and whether modules must be signed.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "doctor/doctor.h"
#include "util/files.h"

#define SECURE_BOOT \
	"/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
#define SIGNATURE_MARK	"~Module signature appended~\n"

/* The kernel looks for a signature's size before the mark, in the last four of
 * twelve bytes, most significant first.
 */
#define SIGNATURE_INFO	12

static void check_kernel(struct doctor *doctor)
{
	unsigned int major = 0, minor = 0;
	struct utsname name;
	char line[8];

	if (!file_line("/proc/sys/kernel/osrelease", doctor->release, sizeof(doctor->release)) &&
	    uname(&name) == 0)
		snprintf(doctor->release, sizeof(doctor->release), "%s", name.release);
	sscanf(doctor->release, "%u.%u", &major, &minor);
	doctor_bpf(doctor);
	if (major < 5 || (major == 5 && minor < 10))
		doctor_find(doctor, HEALTH_BAD, "kernel", NULL, "%s; the module needs 5.10 or newer",
			    doctor->release);
	else if (!file_exists("/proc/modules"))
		doctor_find(doctor, doctor->run_needs[0] ? HEALTH_BAD : HEALTH_NOTE, "kernel", NULL,
			    "%s cannot load modules (CONFIG_MODULES); %s", doctor->release,
			    doctor->run_needs[0] ? "boot your distribution's kernel" :
						   "l2pc run needs none");
	else if (file_line("/proc/sys/kernel/modules_disabled", line, sizeof(line)) &&
		 line[0] == '1' && !file_exists("/sys/module/l2packet_counter"))
		doctor_find(doctor, doctor->run_needs[0] ? HEALTH_BAD : HEALTH_NOTE, "kernel", NULL,
			    "%s loads no module until it boots again (sysctl kernel.modules_disabled)%s",
			    doctor->release, doctor->run_needs[0] ? "" : "; l2pc run needs none");
	else
		doctor_find(doctor, HEALTH_OK, "kernel", NULL, "%s", doctor->release);
}

static void check_headers(struct doctor *doctor)
{
	if (file_exists(path_format("/lib/modules/%s/build/Makefile", doctor->release)))
		doctor_find(doctor, HEALTH_OK, "headers", NULL, "there, for this kernel");
	else
		doctor_find(doctor, HEALTH_NOTE, "headers",
			    doctor_install_headers(doctor->release),
			    "not there; the module cannot be built for this kernel");
}

bool doctor_find_module(const struct doctor *doctor, const char *file, char *path, size_t size)
{
	FILE *dep = file_open(path_format("/lib/modules/%s/modules.dep", doctor->release));
	bool found = false;
	char line[1024];

	while (dep && !found && fgets(line, sizeof(line), dep)) {
		line[strcspn(line, ":\n")] = 0;
		found = strstr(line, file);
		if (found && path)
			snprintf(path, size, "%s", line[0] == '/' ? line :
				 path_format("/lib/modules/%s/%s", doctor->release, line));
	}
	if (dep)
		fclose(dep);
	return found;
}

/* The last common name in a signature is that of the signer. */
static void read_common_name(const uint8_t *data, size_t size, char *name, size_t room)
{
	static const uint8_t oid[] = { 0x06, 0x03, 0x55, 0x04, 0x03 };

	for (size_t i = 0; i + sizeof(oid) + 2 < size; i++) {
		size_t length = data[i + sizeof(oid) + 1];

		/* UTF8String or PrintableString */
		if (!memcmp(data + i, oid, sizeof(oid)) &&
		    i + sizeof(oid) + 2 + length <= size &&
		    (data[i + sizeof(oid)] == 0x0c || data[i + sizeof(oid)] == 0x13))
			snprintf(name, room, "%.*s", (int)length,
				 (const char *)data + i + sizeof(oid) + 2);
	}
}

/* Find the signer of a module's file. False: it is not signed. */
static bool find_signer(const char *path, char *name, size_t room)
{
	const size_t mark = strlen(SIGNATURE_MARK);
	FILE *file = file_open(path);
	uint8_t tail[16384];
	size_t size = 0, length;
	long end;

	snprintf(name, room, "somebody");
	if (file && fseek(file, 0, SEEK_END) == 0 && (end = ftell(file)) > 0) {
		fseek(file, end > (long)sizeof(tail) ? end - (long)sizeof(tail) : 0, SEEK_SET);
		size = fread(tail, 1, sizeof(tail), file);
	}
	if (file)
		fclose(file);
	if (size < mark + SIGNATURE_INFO || memcmp(tail + size - mark, SIGNATURE_MARK, mark))
		return false;
	size -= mark;
	length = (size_t)tail[size - 4] << 24 | (size_t)tail[size - 3] << 16 |
		 (size_t)tail[size - 2] << 8 | tail[size - 1];
	size -= SIGNATURE_INFO;
	if (length <= size)
		read_common_name(tail + size - length, length, name, room);
	return true;
}

static bool secure_boot(void)
{
	FILE *file = file_open(SECURE_BOOT);
	unsigned char value[5] = { 0 };
	size_t size;

	if (!file)
		return false;
	/* Four bytes of attributes, then the variable. */
	size = fread(value, 1, sizeof(value), file);
	fclose(file);
	return size == sizeof(value) && value[4] == 1;
}

/* Why a module that nobody signed would be refused, NULL when it would not. */
static const char *is_signature_enforced(void)
{
	char line[128];

	if (file_line("/sys/module/module/parameters/sig_enforce", line, sizeof(line)) &&
	    line[0] == 'Y')
		return "the kernel takes signed modules only (sig_enforce)";
	if (file_line("/sys/kernel/security/lockdown", line, sizeof(line)) &&
	    !strstr(line, "[none]"))
		return "the kernel is locked down and takes signed modules only";
	if (secure_boot())
		return "Secure Boot is on, which makes most kernels take signed modules only";
	return NULL;
}

static void check_signature(struct doctor *doctor)
{
	const char *why = is_signature_enforced(), *ending = strrchr(doctor->module, '.');
	char name[128];

	if (!doctor->module[0]) {
		if (why)
			doctor_find(doctor, HEALTH_NOTE, "signature", NULL, "%s", why);
		else
			doctor_find(doctor, HEALTH_OK, "signature", NULL, "not asked for");
	} else if (strcmp(ending, ".ko")) {
		doctor_find(doctor, HEALTH_NOTE, "signature", "modinfo -F signer l2packet_counter",
			    "%s; who signed the compressed module, modinfo says",
			    why ? why : "not asked for");
	} else if (find_signer(doctor->module, name, sizeof(name))) {
		doctor_find(doctor, HEALTH_OK, "signature", NULL, "the module is signed by %s%s%s",
			    name, why ? "; " : "", why ? why : "");
	} else if (why) {
		doctor_find(doctor, HEALTH_BAD, "signature", doctor_install_module(NULL),
			    "the module is not signed, and %s; %s", why,
			    doctor_is_packaged() ? "DKMS signs it when it builds it again; enrol its key: sudo mokutil --import /var/lib/dkms/mok.pub" :
						   "the installer signs it, and says how to enrol the key");
	} else {
		doctor_find(doctor, HEALTH_OK, "signature", NULL, "not signed, and not asked for");
	}
}

void doctor_system(struct doctor *doctor)
{
	check_kernel(doctor);
	check_headers(doctor);
	doctor_find_module(doctor, "/l2packet_counter.ko", doctor->module, sizeof(doctor->module));
	check_signature(doctor);
}
