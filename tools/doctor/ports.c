// SPDX-License-Identifier: GPL-2.0
/*
 * The verb doctor: the module, the ports, and interfaces that could be ports.
 * Copyright (C) the l2packet_counter authors
 */
#define _GNU_SOURCE	/* strverscmp */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "doctor/doctor.h"
#include "source/source.h"
#include "util/index.h"

#define MODULE	"/sys/module/l2packet_counter"

/*
 * Find what took the RX handler of an interface, as far as it can be seen: "; above it is
 * bridge br0", or "".
 */
static void find_upper(const char *ifname, char text[FINDING_TEXT])
{
	static const char *const kinds[] = {
		"bridge", "bonding", "team", "vrf", "openvswitch", "macvlan", "ipvlan", "macsec",
	};
	char master[64], upper[32] = "";
	const char *kind = "";
	const struct dirent *d;
	DIR *directory;

	text[0] = 0;
	if (file_link(path_format("/sys/class/net/%s/master", ifname), master, sizeof(master))) {
		for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
			if (sysfs_exists(master, kinds[i]))
				kind = kinds[i];
		snprintf(text, FINDING_TEXT, "; above it is %s%s%s", kind, kind[0] ? " " : "", master);
		return;
	}
	/* macvlan, VLAN devices and others stand above without being a master. */
	directory = file_directory(path_format("/sys/class/net/%s", ifname));
	while (directory && (d = readdir(directory)))
		sscanf(d->d_name, "upper_%31s", upper);
	if (directory)
		closedir(directory);
	if (upper[0])
		snprintf(text, FINDING_TEXT, "; above it is %s", upper);
}

static void check_untracked(struct doctor *doctor, const struct port *port)
{
	uint64_t count = port->window.value[L2PC_A_TOTALS_UNTRACKED_PACKETS];
	uint64_t stations = port->value[L2PC_A_PORT_MAX_STATIONS], more = 2 * stations;

	if (!count)
		return;
	more = more > L2PC_MAX_STATIONS_MAX ? L2PC_MAX_STATIONS_MAX : more;
	doctor_find(doctor, HEALTH_NOTE, port->ifname,
		    doctor_mend("sudo l2pc set %s max-stations %" PRIu64, text_shell(port->ifname),
				more),
		    "%" PRIu64 " frames of this window have no station: there are more than its %" PRIu64
		    " places, or no memory", count, stations);
}

static void check_port(struct doctor *doctor, const struct port *port)
{
	bool counted = port->value[L2PC_A_PORT_HOOK] != L2PC_HOOK_KIND_NONE;
	char state[32], upper[FINDING_TEXT];
	const char *ifname = port->ifname, *hook = port_hook(port), *refused;

	if (!counted && port->value[L2PC_A_PORT_STATE] == L2PC_PORT_STATE_UNSUPPORTED) {
		refused = doctor_refused(doctor, ifname);
		doctor_find(doctor, HEALTH_BAD, ifname, NULL, "%s%s",
			    refused ? "not counted: " : "", refused ? refused : hook);
		return;
	}
	if (!counted && port->pattern[0]) {
		doctor_find(doctor, HEALTH_OK, ifname, NULL,
			    "there is no such interface now; pattern %s keeps its counts for %" PRIu64
			    " seconds", port->pattern, port->value[L2PC_A_PORT_KEEP]);
		return;
	}
	if (!counted) {
		doctor_find(doctor, HEALTH_BAD, ifname,
			    doctor_mend("sudo l2pc del %s", text_shell(ifname)),
			    "there is no such interface any more; its counts stay until it is deleted");
		return;
	}
	if (sysfs_line(ifname, "operstate", state, sizeof(state)) && !strcmp(state, "down")) {
		doctor_find(doctor, HEALTH_NOTE, ifname,
			    doctor_mend("sudo ip link set %s up", text_shell(ifname)),
			    "%s; the interface is down", hook);
	} else {
		find_upper(ifname, upper);
		doctor_find(doctor, HEALTH_OK, ifname, NULL, "%s%s", hook, upper);
	}
	check_untracked(doctor, port);
	if (port->value[L2PC_A_PORT_HOOK] == L2PC_HOOK_KIND_TCX)
		doctor_tcx(doctor, ifname);
	doctor_device(doctor, ifname);
}

static bool is_port(const struct ports *ports, const struct index *names, const char *ifname)
{
	uint32_t at = index_first(names, index_text(ifname));

	while (at && strcmp(ports->port[index_element(names, at)].ifname, ifname))
		at = index_next(names, at);
	return at;
}

static void check_pattern(struct doctor *doctor, const struct port *pattern)
{
	uint64_t ports = pattern->value[L2PC_A_PORT_PORTS];
	uint64_t missed = pattern->value[L2PC_A_PORT_MISSED];

	if (missed)
		doctor_find(doctor, HEALTH_NOTE, pattern->pattern, NULL,
			    "pattern, %" PRIu64 " port%s; interfaces that matched and were not counted, because there were as many ports as there may be: %" PRIu64,
			    ports, text_plural(ports), missed);
	else
		doctor_find(doctor, HEALTH_OK, pattern->pattern, NULL, "pattern, %" PRIu64 " port%s%s",
			    ports, text_plural(ports),
			    ports ? "" : "; no interface matches that is not a port already");
}

/* An interface for a command that needs one. */
static const char *first_candidate(const struct doctor *doctor)
{
	const struct interfaces *all = &doctor->interfaces;

	for (size_t i = 0; i < all->count; i++)
		if (!doctor_refused(doctor, all->name[i]))
			return all->name[i];
	return "eth0";
}

static void check_uncounted(struct doctor *doctor, const char *ifname)
{
	const char *refused = doctor_refused(doctor, ifname);
	char upper[FINDING_TEXT];

	if (refused) {
		doctor_find(doctor, HEALTH_NOTE, ifname, NULL, "cannot be counted: %s", refused);
	} else if (!doctor_conduit(doctor, ifname)) {
		find_upper(ifname, upper);
		doctor_find(doctor, HEALTH_NOTE, ifname,
			    doctor_mend("sudo l2pc add %s", text_shell(ifname)),
			    "is not counted, and could be%s", upper);
	}
}

/* Check the module, where l2pc run does not count in its place. Return: it answers */
static bool check_module(struct doctor *doctor, const char *ifname)
{
	char version[64];
	struct nl nl;
	int error;

	if (!file_exists(MODULE)) {
		doctor_find(doctor, HEALTH_BAD, "module",
			    doctor->module[0] ? doctor_mend("sudo modprobe l2packet_counter interface=%s", ifname) :
						doctor_install_module(ifname),
			    doctor->module[0] ? "installed, but not loaded" :
						"neither loaded, nor installed for this kernel");
		return false;
	}
	error = nl_open(&nl, L2PC_FAMILY_NAME);
	if (error) {
		doctor_find(doctor, HEALTH_BAD, "module",
			    doctor->module[0] && doctor_is_packaged() ?
				    doctor_mend("sudo modprobe -r l2packet_counter && sudo modprobe l2packet_counter interface=%s", ifname) :
				    doctor_install_module(NULL),
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

bool doctor_module(struct doctor *doctor)
{
	const char *ifname = first_candidate(doctor);
	struct ports run = { 0 };
	bool runs = !engine_ports(ENGINE_BPF, &run), answers;

	ports_free(&run);
	answers = (runs && !file_exists(MODULE)) || check_module(doctor, ifname);
	doctor_run_line(doctor, runs, !answers, ifname);
	return answers;
}

/* Where the module and l2pc run both count: append the latter's ports to the module's. */
static void add_run(struct doctor *doctor, struct ports *ports, struct index *names)
{
	struct ports run = { 0 };

	engine_ports(ENGINE_BPF, &run);
	for (size_t i = 0; i < run.count; i++) {
		const char *ifname = run.port[i].ifname;
		struct port *copy;

		if (is_port(ports, names, ifname)) {
			if (run.port[i].value[L2PC_A_PORT_STATE] != L2PC_PORT_STATE_COUNTING)
				continue;
			doctor_find(doctor, HEALTH_BAD, ifname,
				    doctor_mend("sudo l2pc --engine bpf del %s", text_shell(ifname)),
				    "the module and l2pc run both count it, each for itself");
			continue;
		}
		check_port(doctor, &run.port[i]);
		copy = list_add(ports, port);
		*copy = run.port[i];
		index_add(names, index_text(ifname), ports->count - 1);
	}
	ports_free(&run);
}

void doctor_ports(struct doctor *doctor, bool answers)
{
	struct ports ports = { 0 }, patterns = { 0 };
	struct source source = { 0 };
	struct index names = { 0 };
	bool module = false;
	int error;

	/* Without the module it is of no use to name each interface that could be counted. */
	if (!answers)
		return;
	if (!source_connect(&source)) {
		error = source_ports(&source, NULL, &ports);
		if (!error)
			error = source_patterns(&source, &patterns);
		module = source.nl.socket;
		source_close(&source);
		/* Which interfaces are none is not known then. */
		if (error) {
			doctor_find(doctor, HEALTH_BAD, "ports", NULL, "cannot be read: %s",
				    strerror(-error));
			ports_free(&ports);
			ports_free(&patterns);
			return;
		}
		if (!ports.count && !patterns.count)
			doctor_find(doctor, HEALTH_BAD, "ports",
				    doctor_mend("sudo l2pc add %s",
						text_shell(first_candidate(doctor))),
				    "there are none in this network namespace: nothing is counted");
	}
	for (size_t i = 0; i < ports.count; i++) {
		index_add(&names, index_text(ports.port[i].ifname), i);
		check_port(doctor, &ports.port[i]);
	}
	if (module)
		add_run(doctor, &ports, &names);
	for (size_t i = 0; i < patterns.count; i++)
		check_pattern(doctor, &patterns.port[i]);
	for (size_t i = 0; i < doctor->interfaces.count; i++)
		if (!is_port(&ports, &names, doctor->interfaces.name[i]))
			check_uncounted(doctor, doctor->interfaces.name[i]);
	index_free(&names);
	ports_free(&ports);
	ports_free(&patterns);
}
