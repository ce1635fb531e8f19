// SPDX-License-Identifier: GPL-2.0
/*
 * IPFIX messages: header, templates, records.
 * Copyright (C) the l2packet_counter authors
 */
#include <string.h>

#include "ipfix/ipfix.h"

#define VERSION		10
#define HEADER_SIZE	16
#define SET_HEADER	4
#define TEMPLATE_SET	2
#define TEMPLATE_FIRST	256

/* What a record is about. Each has a template of its own. */
enum shape {
	STATION,
	TAGGED,		/* a station in a VLAN */
	UNTRACKED,	/* no station */
	SHAPES,
	/* The same of sent frames. */
	TX_STATION = SHAPES,
	TX_TAGGED,
	TX_UNTRACKED,
	ALL_SHAPES
};

#define IN(shape)	(1u << (shape))
#define IN_RX		(IN(STATION) | IN(TAGGED) | IN(UNTRACKED))
#define IN_TX		(IN(TX_STATION) | IN(TX_TAGGED) | IN(TX_UNTRACKED))
#define IN_ALL		(IN_RX | IN_TX)

#define IN_RECORD(member)	offsetof(struct ipfix_record, member)

/* Elements of IANA's registry, in the order in which they are sent. Element 1 is about
 * IP, and so is 60: what only says frames has neither, but collectors pass over
 * records without them. Records of received frames are as they were before there were
 * those of sent frames: without a direction.
 */
static const struct element {
	uint16_t element;
	uint8_t size;
	uint8_t shapes;
	bool compat;
	size_t offset;	/* of its value in the record */
} elements[] = {
	{ 152, 8, IN_ALL, false, IN_RECORD(start) },		/* flowStartMilliseconds */
	{ 153, 8, IN_ALL, false, IN_RECORD(end) },		/* flowEndMilliseconds */
	{ 10, 4, IN_RX, false, IN_RECORD(ifindex) },		/* ingressInterface */
	{ 14, 4, IN_TX, false, IN_RECORD(ifindex) },		/* egressInterface */
	{ 2, 8, IN_ALL, false, IN_RECORD(packets) },		/* packetDeltaCount */
	{ 352, 8, IN_ALL, false, IN_RECORD(bytes) },		/* layer2OctetDeltaCount */
	{ 56, 6, IN(STATION) | IN(TAGGED), false, IN_RECORD(mac) },	/* sourceMacAddress */
	{ 80, 6, IN(TX_STATION) | IN(TX_TAGGED), false, IN_RECORD(mac) }, /* destinationMacAddress */
	{ 58, 2, IN(TAGGED), false, IN_RECORD(vlan) },		/* vlanId: at the ingress */
	{ 59, 2, IN(TX_TAGGED), false, IN_RECORD(vlan) },	/* postVlanId: at the egress */
	{ 61, 1, IN_TX, false, IN_RECORD(direction) },		/* flowDirection: 1, egress */
	{ 60, 1, IN_ALL, true, IN_RECORD(ip_version) },		/* ipVersion */
	{ 1, 8, IN_ALL, true, IN_RECORD(bytes) },		/* octetDeltaCount */
};

static const char *const words[] = { "strict", "compat" };
const struct enum_names ipfix_kind_names = ENUM_NAMES(words);

/*
 * Kinds have other numbers: collectors know templates by them, also from before. Those of
 * sent frames came later.
 */
static uint16_t template_of(enum ipfix_kind kind, enum shape shape)
{
	bool tx = shape >= TX_STATION;

	return (uint16_t)(TEMPLATE_FIRST + (tx * ARRAY_SIZE(words) + kind) * SHAPES +
			  shape % SHAPES);
}

static bool has(const struct element *element, enum ipfix_kind kind, enum shape shape)
{
	return element->shapes & IN(shape) && (!element->compat || kind == IPFIX_COMPAT);
}

static void put(uint8_t *to, size_t size, uint64_t value)
{
	while (size--) {
		to[size] = (uint8_t)value;
		value >>= 8;
	}
}

static void append(struct ipfix_message *message, size_t size, uint64_t value)
{
	put(message->bytes + message->size, size, value);
	message->size += size;
}

static void set_begin(struct ipfix_message *message, uint16_t id)
{
	message->set = message->size;
	message->template = id;
	append(message, 2, id);
	append(message, 2, 0);
}

static void set_end(struct ipfix_message *message)
{
	if (message->set)
		put(message->bytes + message->set + 2, 2, message->size - message->set);
	message->set = 0;
}

void ipfix_begin(struct ipfix_message *message, enum ipfix_kind kind, size_t limit)
{
	message->kind = kind;
	message->limit = limit;
	message->size = HEADER_SIZE;
	message->set = 0;
	message->records = 0;
}

void ipfix_templates(struct ipfix_message *message, bool tx)
{
	set_begin(message, TEMPLATE_SET);
	for (int shape = 0; shape < (tx ? ALL_SHAPES : SHAPES); shape++) {
		size_t count = message->size + 2;

		append(message, 2, template_of(message->kind, (enum shape)shape));
		append(message, 2, 0);
		for (size_t i = 0; i < ARRAY_SIZE(elements); i++) {
			if (!has(&elements[i], message->kind, (enum shape)shape))
				continue;
			append(message, 2, elements[i].element);
			append(message, 2, elements[i].size);
		}
		put(message->bytes + count, 2, (message->size - count - 2) / 4);
	}
	set_end(message);
}

bool ipfix_add(struct ipfix_message *message, const struct ipfix_record *record)
{
	enum shape of = !record->station ? UNTRACKED : record->vlan == NO_VLAN ? STATION : TAGGED;
	enum shape shape = record->direction == TX ? of + TX_STATION : of;
	uint16_t template = template_of(message->kind, shape);
	bool goes_on = message->set && message->template == template;
	size_t size = goes_on ? 0 : SET_HEADER;

	for (size_t i = 0; i < ARRAY_SIZE(elements); i++)
		if (has(&elements[i], message->kind, shape))
			size += elements[i].size;
	if (message->size + size > message->limit)
		return false;
	if (!goes_on) {
		set_end(message);
		set_begin(message, template);
	}
	for (size_t i = 0; i < ARRAY_SIZE(elements); i++) {
		if (!has(&elements[i], message->kind, shape))
			continue;
		append(message, elements[i].size,
		       *(const uint64_t *)((const char *)record + elements[i].offset));
	}
	message->records++;
	return true;
}

void ipfix_end(struct ipfix_message *message, uint32_t time, uint32_t sequence, uint32_t domain)
{
	set_end(message);
	put(message->bytes, 2, VERSION);
	put(message->bytes + 2, 2, message->size);
	put(message->bytes + 4, 4, time);
	put(message->bytes + 8, 4, sequence);
	put(message->bytes + 12, 4, domain);
}
