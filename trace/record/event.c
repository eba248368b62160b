/* The event table made from events.def, and the one text form of an event. */
#include "trace/record/event.h"
#include "trace/go/sizeclass.h"
#include "trace/base/translate.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct event_info event_info[EV_LIMIT] = {
#define EVENT(name, NAME, place, fields, role, args, shown, predictions, of, sentence) \
	{ #name, fields, EVENT_##role, args, shown, #of, sentence, place },
#include "trace/record/events.def"
#undef EVENT
	[EV_UNKNOWN] = { "unknown", "N", EVENT_note, "- - - -", "", "common",
		N_("An event that this release does not know."), 0 },
};

const char *const op_kind_name[OP_KINDS] = {
#define OPERATION(NAME, name, keyed, judged) name,
#include "trace/record/operations.def"
#undef OPERATION
};
const bool op_kind_keyed[OP_KINDS] = {
#define OPERATION(NAME, name, keyed, judged) keyed,
#include "trace/record/operations.def"
#undef OPERATION
};
const bool op_kind_judged[OP_KINDS] = {
#define OPERATION(NAME, name, keyed, judged) judged,
#include "trace/record/operations.def"
#undef OPERATION
};
const char *const phase_name[PHASES] = { "-", N_("lookup"), N_("grow"), N_("evacuate"), N_("insert"),
	N_("update"), N_("delete"), N_("iterate"), N_("clear"), N_("collect"), N_("store"), N_("mark") };
const char *const block_role_name[ROLES] = {
#define BLOCK_ROLE(NAME, name, letter, holds) name,
#include "trace/record/roles.def"
#undef BLOCK_ROLE
};
const enum block_holds block_role_holds[ROLES] = {
#define BLOCK_ROLE(NAME, name, letter, holds) HOLDS_##holds,
#include "trace/record/roles.def"
#undef BLOCK_ROLE
};
const char *const tophash_state_name[6] = { "emptyRest", "emptyOne", "evacuatedX", "evacuatedY",
	"evacuatedEmpty", "full" };
const char *const growth_reason_name[2] = { N_("load"), N_("overflow") };
const char *const overflow_source_name[2] = { N_("pre"), N_("heap") };
const char *const span_source_name[SPAN_SOURCES] = { "mheap", "mcentral", N_("stack") };
const char *const span_list_name[2] = { "partial", "full" };
const char *const shade_reason_name[SHADE_REASONS] = { "root", "scan", "barrier-old", "barrier-new", "tiny" };
const char *const outcome_name[OUTCOMES] = { N_("done"), N_("inserted"), N_("updated"), N_("found"),
	N_("absent"), N_("deleted"), N_("fault"), N_("end"), N_("kept") };
const char *const promote_why_name[2] = { "misses", "range" };
const char *const fault_text[FAULTS] = {
	"panic: assignment to entry in nil map",
	"panic: runtime error: hash of unhashable type []int",
	"fatal error: concurrent map writes",
	"fatal error: concurrent map read and map write",
	"fatal error: concurrent map iteration and map write",
	"panic: runtime error: comparing uncomparable type []int",
};

int event_kind_parse(const char *name)
{
	for (int k = 0; k < EV_COUNT; k++)
		if (strcmp(event_info[k].name, name) == 0)
			return k;
	return -1;
}

static int compare_places(const void *a, const void *b)
{
	return event_info[*(const uint16_t *)a].place - event_info[*(const uint16_t *)b].place;
}

enum event_kind event_listed(int i)
{
	static uint16_t listed[EV_COUNT];
	if (!listed[0] && !listed[1]) {
		for (int k = 0; k < EV_COUNT; k++)
			listed[k] = (uint16_t)k;
		qsort(listed, EV_COUNT, sizeof *listed, compare_places);
	}
	return listed[i];
}

const char *event_name(const struct event *e, char out[EVENT_NAME])
{
	uint64_t n = e->size < EVENT_NAME - 1 ? e->size : EVENT_NAME - 1;
	if (e->kind != EV_UNKNOWN)
		return event_info[e->kind].name;
	for (uint64_t i = 0; i < n; i++)
		out[i] = (char)event_byte(e->new, e->size, i);
	out[n] = 0;
	return out;
}

bool event_next_arg(const struct event_info *info, int *i, const char **ret_name, int *ret_n)
{
	const char *p = info->args;
	for (int k = 0; *p; k++) {
		size_t n = strcspn(p, " ");
		if (k >= *i && *p != '-') {
			*i = k;
			*ret_name = p;
			*ret_n = (int)n;
			return true;
		}
		p += n + (p[n] == ' ');
	}
	return false;
}

void event_bytes_copy(union event_bytes b, uint64_t size, uint8_t *out)
{
	if (size <= 8)
		for (uint64_t i = 0; i < size; i++)
			out[i] = (uint8_t)(b.v >> 8 * i);
	else if (b.p)
		memcpy(out, b.p, size);
	else
		memset(out, 0, size);
}

uint8_t event_byte(union event_bytes b, uint64_t size, uint64_t i)
{
	if (size <= 8)
		return (uint8_t)(b.v >> 8 * i);
	return b.p ? b.p[i] : 0;
}

uint64_t event_span(const struct event *e)
{
	uint64_t stride = e->c >= SPAN_STACK ? 8 : e->c / 2 < SIZE_CLASSES ? class_size[e->c / 2] : 0;
	/* A malloc header and a tiny block's other pieces lie before the block; spans begin with a page. */
	return (e->addr - e->d * stride) & ~(uint64_t)(PAGE_SIZE - 1);
}

/* Appends like snprintf, never past cap. */
#define PUT(...) \
	do { \
		if (n < cap) { \
			int w_ = snprintf(out + n, cap - n, __VA_ARGS__); \
			if (w_ > 0) \
				n += (size_t)w_; \
		} \
	} while (0)

static size_t print_hex(
	char *out, size_t cap, size_t n, const char *label, union event_bytes b, uint64_t size)
{
	PUT(" %s=", label);
	uint64_t shown = size < 32 ? size : 32;
	for (uint64_t i = 0; i < shown; i++)
		PUT("%02x", event_byte(b, size, i));
	if (shown < size)
		PUT("...");
	return n;
}

/* An entry of a sync.Map: trace/map/sync/sync.h, entry_state. */
static const char *const entry_word[] = { "value", "nil", "expunged" };

/* The lists that events.def names; `role` is of blocks. */
static const struct {
	const char *name;
	const char *const *word;
	uint64_t n;
} word_lists[] = {
	{ "operation", op_kind_name, OP_KINDS },
	{ "phase", phase_name, PHASES },
	{ "role", block_role_name, ROLES },
	{ "span_source", span_source_name, SPAN_SOURCES },
	{ "span_list", span_list_name, 2 },
	{ "shade_reason", shade_reason_name, SHADE_REASONS },
	{ "growth_reason", growth_reason_name, 2 },
	{ "overflow_source", overflow_source_name, 2 },
	{ "outcome", outcome_name, OUTCOMES },
	{ "promote_why", promote_why_name, 2 },
	{ "entry", entry_word, 3 },
	{ "fault", fault_text, FAULTS },
};

static size_t print_arg(char *out, size_t cap, size_t n, const char *shown, uint64_t v)
{
	size_t len = strcspn(shown, " ");
	for (size_t i = 0; i < sizeof word_lists / sizeof *word_lists; i++)
		if (strncmp(shown, word_lists[i].name, len) == 0 && !word_lists[i].name[len] &&
			v < word_lists[i].n) {
			PUT("%s", word_lists[i].word[v]);
			return n;
		}
	PUT(*shown == 'x' ? "%" PRIx64 : "%" PRIu64, v);
	return n;
}

/* How number i is shown. */
static const char *arg_shown(const struct event_info *info, int i)
{
	const char *p = info->shown;
	for (; i > 0 && *p; i--) {
		p += strcspn(p, " ");
		p += *p == ' ';
	}
	return *p ? p : "-";
}

size_t event_print(const struct event *e, uint64_t step, char *out, size_t cap)
{
	size_t n = 0;
	const struct event_info *info = &event_info[e->kind];
	char given[EVENT_NAME];
	const char *name;
	out[0] = 0;
	PUT("%" PRIu64 " %s", step, event_name(e, given));
	if (strchr(info->fields, 'A'))
		PUT(" %" PRIx64, e->addr);
	if (strchr(info->fields, 'S'))
		PUT("+%" PRIu64, e->size);
	if (strchr(info->fields, 'O'))
		n = print_hex(out, cap, n, "old", e->old, e->size);
	if (strchr(info->fields, 'N') && e->kind != EV_UNKNOWN)
		n = print_hex(out, cap, n, "new", e->new, e->size);
	for (int i = 0, len; event_next_arg(info, &i, &name, &len); i++) {
		PUT(" %.*s=", len, name);
		n = print_arg(out, cap, n, arg_shown(info, i), event_arg(e, i));
	}
	if (e->kind == EV_ALLOC || e->kind == EV_FREE)
		PUT(" span=%" PRIx64, event_span(e));
	return n < cap ? n : cap - 1;
}
