// SPDX-License-Identifier: GPL-2.0
/*
 * The verb doctor: the module, the ports, and interfaces that could be ports.
 * Copyright (C) the l2packet_counter authors
 */
#define _GNU_SOURCE	/* strverscmp */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doctor/doctor.h"
#include "output/port_text.h"
#include "source/source.h"
#include "util/errors.h"
#include "util/files.h"
#include "util/text.h"

#define MODULE	"/sys/module/l2packet_counter"

/*
 * Who has the RX handler of an interface, as far as it can be seen: "the bridge br0".
 * An interface has one, and whoever stands above it took it.
 */
static bool find_upper(const char *ifname, char *text, size_t size)
{
	static const char *const kinds[] = {
		"bridge", "bonding", "team", "vrf", "openvswitch", "macvlan", "ipvlan", "macsec",
	};
	char path[FILE_PATH], master[64];
	const struct dirent *d;
	DIR *directory;
	bool found = false;

	snprintf(path, sizeof(path), "/sys/class/net/%.32s/master", ifname);
	if (file_link(path, master, sizeof(master))) {
		const char *kind = "";

		for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
			snprintf(path, sizeof(path), "/sys/class/net/%.32s/%s", master, kinds[i]);
			if (file_exists(path))
				kind = kinds[i];
		}
		snprintf(text, size, "%s%s%s", kind, kind[0] ? " " : "", master);
		return true;
	}
	/* What stands above without being a master: macvlan, VLAN devices and others. */
	snprintf(path, sizeof(path), "/sys/class/net/%.32s", ifname);
	directory = file_directory(path);
	while (directory && (d = readdir(directory))) {
		if (strncmp(d->d_name, "upper_", 6))
			continue;
		snprintf(text, size, "%.32s", d->d_name + 6);
		found = true;
	}
	if (directory)
		closedir(directory);
	return found;
}

static bool is_down(const char *ifname)
{
	char path[FILE_PATH], state[32];

	snprintf(path, sizeof(path), "/sys/class/net/%.32s/operstate", ifname);
	return file_line(path, state, sizeof(state)) && !strcmp(state, "down");
}

static void check_untracked(struct doctor *doctor, const struct port *port)
{
	uint64_t count = port->window.value[L2PC_A_TOTALS_UNTRACKED_PACKETS];
	uint64_t stations = port->value[L2PC_A_PORT_MAX_STATIONS];
	char word[SHELL_SIZE], mend[FINDING_TEXT];

	if (!count)
		return;
	stations = 2 * stations > L2PC_MAX_STATIONS_MAX ? L2PC_MAX_STATIONS_MAX : 2 * stations;
	snprintf(mend, sizeof(mend), "sudo l2pc set %s max-stations %" PRIu64,
		 text_shell(port->ifname, word), stations);
	doctor_find(doctor, HEALTH_NOTE, port->ifname, mend,
		    "%" PRIu64 " frames of this window have no station: there are more than its %" PRIu64
		    " places, or no memory", count, port->value[L2PC_A_PORT_MAX_STATIONS]);
}

static void check_port(struct doctor *doctor, const struct port *port)
{
	char hook[PORT_TEXT], word[SHELL_SIZE], mend[FINDING_TEXT], who[128];
	bool held = find_upper(port->ifname, who, sizeof(who));
	const char *refused;

	port_hook(port, hook);
	if (port->value[L2PC_A_PORT_HOOK] == L2PC_HOOK_KIND_NONE &&
	    port->value[L2PC_A_PORT_STATE] == L2PC_PORT_STATE_UNSUPPORTED) {
		refused = doctor_refused(doctor, port->ifname, mend);
		doctor_find(doctor, HEALTH_BAD, port->ifname, NULL, "%s%s",
			    refused ? "not counted: " : "", refused ? refused : hook);
		return;
	}
	if (port->value[L2PC_A_PORT_HOOK] == L2PC_HOOK_KIND_NONE) {
		snprintf(mend, sizeof(mend), "sudo l2pc del %s", text_shell(port->ifname, word));
		doctor_find(doctor, HEALTH_BAD, port->ifname, mend,
			    "there is no such interface any more; its counts stay until it is deleted");
		return;
	}
	if (is_down(port->ifname)) {
		snprintf(mend, sizeof(mend), "sudo ip link set %s up",
			 text_shell(port->ifname, word));
		doctor_find(doctor, HEALTH_NOTE, port->ifname, mend, "%s; the interface is down", hook);
	} else {
		doctor_find(doctor, HEALTH_OK, port->ifname, NULL, "%s%s%s", hook,
			    held ? "; above it is " : "", held ? who : "");
	}
	check_untracked(doctor, port);
	doctor_device(doctor, port->ifname);
}

static bool is_port(const struct ports *ports, const char *ifname)
{
	for (size_t i = 0; i < ports->count; i++)
		if (!strcmp(ports->port[i].ifname, ifname))
			return true;
	return false;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Ethernet devices by their names. */
struct names {
	char (*name)[L2PC_NAME_MAX + 1];
	size_t count, room;
};

static void list_devices(struct names *devices)
{
	DIR *directory = file_directory("/sys/class/net");
	char path[FILE_PATH], type[16];
	const struct dirent *d;

	while (directory && (d = readdir(directory))) {
		/* ARPHRD_ETHER */
		snprintf(path, sizeof(path), "/sys/class/net/%.64s/type", d->d_name);
		if (d->d_name[0] == '.' || strlen(d->d_name) > L2PC_NAME_MAX ||
		    !file_line(path, type, sizeof(type)) || strcmp(type, "1"))
			continue;
		devices->name = array_grow(devices->name, &devices->room, devices->count,
					   sizeof(*devices->name));
		strcpy(devices->name[devices->count++], d->d_name);
	}
	if (directory)
		closedir(directory);
	if (devices->count)
		qsort(devices->name, devices->count, sizeof(*devices->name), compare_names);
}

/* Some interface, for a command that needs one. */
static const char *first_candidate(const struct doctor *doctor)
{
	static char name[L2PC_NAME_MAX + 1] = "eth0";
	struct names devices = { 0 };

	list_devices(&devices);
	for (size_t i = devices.count; i; i--) {
		char why[FINDING_TEXT];

		if (!doctor_refused(doctor, devices.name[i - 1], why))
			strcpy(name, devices.name[i - 1]);
	}
	free(devices.name);
	return name;
}

static void check_uncounted(struct doctor *doctor, const struct ports *ports)
{
	struct names devices = { 0 };

	list_devices(&devices);
	for (size_t i = 0; i < devices.count; i++) {
		char word[SHELL_SIZE], mend[FINDING_TEXT], who[128];
		bool held = find_upper(devices.name[i], who, sizeof(who));
		const char *refused;

		if (is_port(ports, devices.name[i]))
			continue;
		refused = doctor_refused(doctor, devices.name[i], mend);
		if (refused) {
			doctor_find(doctor, HEALTH_NOTE, devices.name[i], NULL,
				    "cannot be counted: %s", refused);
			continue;
		}
		if (doctor_conduit(doctor, devices.name[i]))
			continue;
		snprintf(mend, sizeof(mend), "sudo l2pc add %s", text_shell(devices.name[i], word));
		doctor_find(doctor, HEALTH_NOTE, devices.name[i], mend,
			    "is not counted, and could be%s%s", held ? "; above it is " : "",
			    held ? who : "");
	}
	free(devices.name);
}

static void report_no_ports(struct doctor *doctor)
{
	char word[SHELL_SIZE], mend[FINDING_TEXT];

	snprintf(mend, sizeof(mend), "sudo l2pc add %s", text_shell(first_candidate(doctor), word));
	doctor_find(doctor, HEALTH_BAD, "ports", mend,
		    "there are none in this network namespace: nothing is counted");
}

bool doctor_module(struct doctor *doctor)
{
	char version[64], mend[FINDING_TEXT];
	struct nl nl;
	int error;

	if (!file_exists(MODULE)) {
		snprintf(mend, sizeof(mend), "sudo %s%s",
			 doctor->module[0] ? "modprobe l2packet_counter interface=" :
					     "./install.sh --interface ",
			 first_candidate(doctor));
		doctor_find(doctor, HEALTH_BAD, "module", mend, doctor->module[0] ?
			    "installed, but not loaded" :
			    "neither loaded, nor installed for this kernel");
		return false;
	}
	error = nl_open(&nl);
	if (error) {
		doctor_find(doctor, HEALTH_BAD, "module", "sudo ./install.sh",
			    "loaded, but it has no netlink interface: %s",
			    error == -ENOENT ? "it is older than this tool" : strerror(-error));
		return false;
	}
	nl_close(&nl);
	if (!file_line(MODULE "/version", version, sizeof(version)))
		doctor_find(doctor, HEALTH_OK, "module", NULL, "loaded");
	else if (strverscmp(version, L2PC_VERSION) < 0)
		doctor_find(doctor, HEALTH_NOTE, "module", NULL,
			    "loaded, version %s, which is older than this tool (%s); it stays until it is loaded again or the machine boots",
			    version, L2PC_VERSION);
	else if (strcmp(version, L2PC_VERSION))
		doctor_find(doctor, HEALTH_NOTE, "module", NULL,
			    "loaded, version %s; this tool is %s, and shows what both know", version,
			    L2PC_VERSION);
	else
		doctor_find(doctor, HEALTH_OK, "module", NULL, "loaded, version %s", version);
	return true;
}

void doctor_ports(struct doctor *doctor, bool answers)
{
	struct ports ports = { 0 };
	struct source source = { 0 };
	int error;

	/* Without the module it is of no use to name each interface that could be counted. */
	if (!answers)
		return;
	if (!source_connect(&source)) {
		error = source_ports(&source, NULL, &ports);
		source_close(&source);
		/* Which interfaces are none is not known then. */
		if (error) {
			doctor_find(doctor, HEALTH_BAD, "ports", NULL, "cannot be read: %s",
				    strerror(-error));
			ports_free(&ports);
			return;
		}
		if (!ports.count)
			report_no_ports(doctor);
	}
	for (size_t i = 0; i < ports.count; i++)
		check_port(doctor, &ports.port[i]);
	check_uncounted(doctor, &ports);
	ports_free(&ports);
}
