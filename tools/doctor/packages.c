// SPDX-License-Identifier: GPL-2.0
/*
 * The verb doctor: commands that install the module and the kernel's headers, by how the
 * module was installed and by distribution.
 * Copyright (C) the l2packet_counter authors
 */
#include <stdio.h>
#include <string.h>

#include "doctor/doctor.h"
#include "util/files.h"
#include "util/text.h"

struct distribution {
	const char *ids;	/* of /etc/os-release, with blanks between */
	const char *install;
	const char *headers;	/* package, with %r, %f, %b, %u */
};

/* The columns of packaging/distributions, which explains them. */
static const struct distribution distributions[] = {
#include "doctor/distributions.h"
};

static bool has_word(const char *list, const char *word, size_t length)
{
	const char *at = list;

	while (*at) {
		size_t size = strcspn(at, " ");

		if (size == length && !strncmp(at, word, length))
			return true;
		at += size + strspn(at + size, " ");
	}
	return false;
}

/* Find the first known word of a line KEY= of /etc/os-release, without its -SUFFIX. */
static const struct distribution *find_by_key(const char *key)
{
	FILE *file = file_open("/etc/os-release");
	const struct distribution *found = NULL;
	char line[256];

	while (file && !found && fgets(line, sizeof(line), file)) {
		if (strncmp(line, key, strlen(key)))
			continue;
		for (char *save, *word = strtok_r(line + strlen(key), " \"'\n", &save); word && !found;
		     word = strtok_r(NULL, " \"'\n", &save))
			for (size_t i = 0; i < ARRAY_SIZE(distributions) && !found; i++)
				if (has_word(distributions[i].ids, word, strcspn(word, "-")))
					found = &distributions[i];
	}
	if (file)
		fclose(file);
	return found;
}

static const char *value_of(char letter, const char *release, const char *base)
{
	const char *flavour = strrchr(release, '-');

	switch (letter) {
	case 'r':
		return release;
	case 'f':
		return flavour ? flavour + 1 : release;
	case 'b':
		return base;
	default:
		return strstr(release, "uek") ? "uek-" : "";
	}
}

const char *doctor_install_headers(const char *release)
{
	const struct distribution *distribution = find_by_key("ID=");
	char name[FINDING_TEXT] = "", base[64];

	if (!distribution)
		distribution = find_by_key("ID_LIKE=");
	if (!distribution)
		return NULL;
	if (!file_line(path_format("/lib/modules/%s/pkgbase", release), base, sizeof(base)))
		snprintf(base, sizeof(base), "linux");
	for (const char *at = distribution->headers; *at; at++) {
		size_t length = strlen(name);

		if (*at == '%' && at[1])
			snprintf(name + length, sizeof(name) - length, "%s", value_of(*++at, release, base));
		else
			snprintf(name + length, sizeof(name) - length, "%c", *at);
	}
	return doctor_mend("sudo %s %s", distribution->install, name);
}

static bool is_installed(const char *package)
{
	/* Each package has this file (Debian Policy, 12.5) while it is not removed. */
	return file_exists(path_format("/usr/share/doc/%s/copyright", package));
}

const char *doctor_install_module(const char *ifname)
{
	if (is_installed("l2packet-counter-dkms"))
		return "sudo apt install --reinstall l2packet-counter-dkms";
	if (is_installed("l2pc"))
		return "sudo apt install l2packet-counter-dkms";
	return ifname ? doctor_mend("sudo ./install.sh --interface %s", text_shell(ifname)) : "sudo ./install.sh";
}

bool doctor_is_packaged(void)
{
	return is_installed("l2packet-counter-dkms");
}
