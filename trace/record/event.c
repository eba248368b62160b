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

/* What is printed of an event, at most cap bytes with the zero that ends it; what does not fit is cut. */
struct line {
	char *out;
	size_t cap, n;
};

static void put(struct line *l, const char *text, size_t n)
{
	size_t left = l->cap - 1 - l->n;
	if (n > left)
		n = left;
	memcpy(l->out + l->n, text, n);
	l->n += n;
	l->out[l->n] = 0;
}

static void put_text(struct line *l, const char *text)
{
	put(l, text, strlen(text));
}

static void put_number(struct line *l, uint64_t v, unsigned base)
{
	char digit[20], *p = digit + sizeof digit;
	do
		*--p = "0123456789abcdef"[v % base];
	while (v /= base);
	put(l, p, (size_t)(digit + sizeof digit - p));
}

static void put_bytes(struct line *l, const char *label, union event_bytes b, uint64_t size)
{
	uint64_t shown = size < 32 ? size : 32;
	put_text(l, label);
	for (uint64_t i = 0; i < shown; i++) {
		uint8_t byte = event_byte(b, size, i);
		put(l, (char[]){ "0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 15] }, 2);
	}
	if (shown < size)
		put_text(l, "...");
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

/* How number i of an event is shown: a word of a list, else in hexadecimal or decimal digits. */
struct shown {
	const char *const *word;
	uint64_t words;
	unsigned base;
};

static struct shown find_shown(const char *shown)
{
	size_t len = strcspn(shown, " ");
	struct shown ret = { .base = *shown == 'x' ? 16 : 10 };
	for (size_t i = 0; i < sizeof word_lists / sizeof *word_lists; i++)
		if (strncmp(shown, word_lists[i].name, len) == 0 && !word_lists[i].name[len]) {
			ret.word = word_lists[i].word;
			ret.words = word_lists[i].n;
		}
	return ret;
}

static const struct shown *arg_shown(enum event_kind kind, int i)
{
	static struct shown known[EV_UNKNOWN + 1][EVENT_ARGS];
	struct shown *s = known[kind];
	if (!s->base) {
		const char *p = event_info[kind].shown;
		for (int k = 0; k < EVENT_ARGS; k++) {
			s[k] = find_shown(*p ? p : "-");
			p += strcspn(p, " ");
			p += *p == ' ';
		}
	}
	return &s[i];
}

static void put_arg(struct line *l, const struct shown *shown, uint64_t v)
{
	if (v < shown->words)
		put_text(l, shown->word[v]);
	else
		put_number(l, v, shown->base);
}

size_t event_print(const struct event *e, uint64_t step, char *out, size_t cap)
{
	const struct event_info *info = &event_info[e->kind];
	struct line l = { out, cap, 0 };
	char given[EVENT_NAME];
	const char *name;
	put_number(&l, step, 10);
	put(&l, " ", 1);
	put_text(&l, event_name(e, given));
	if (strchr(info->fields, 'A')) {
		put(&l, " ", 1);
		put_number(&l, e->addr, 16);
	}
	if (strchr(info->fields, 'S')) {
		put(&l, "+", 1);
		put_number(&l, e->size, 10);
	}
	if (strchr(info->fields, 'O'))
		put_bytes(&l, " old=", e->old, e->size);
	if (strchr(info->fields, 'N') && e->kind != EV_UNKNOWN)
		put_bytes(&l, " new=", e->new, e->size);
	for (int i = 0, len; event_next_arg(info, &i, &name, &len); i++) {
		put(&l, " ", 1);
		put(&l, name, (size_t)len);
		put(&l, "=", 1);
		put_arg(&l, arg_shown(e->kind, i), event_arg(e, i));
	}
	if (e->kind == EV_ALLOC || e->kind == EV_FREE) {
		put_text(&l, " span=");
		put_number(&l, event_span(e), 16);
	}
	return l.n;
}
