/* The event table made from events.def, and the one text form of an event. */
#include "trace/record/event.h"
#include "trace/go/sizeclass.h"
#include "trace/base/translate.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const struct event_info event_info[EV_COUNT + 1] = {
#define EVENT(name, NAME, fields, role, args, sentence) { #name, fields, EVENT_##role, args, sentence },
#include "trace/record/events.def"
#undef EVENT
	{ 0 },
};

const char *const op_kind_name[OP_KINDS] = { "none", "put", "get", "del", "clear", "iter", "next", "range", "race",
	"gc", "counter", "add", "loadorstore", "swap", "cas", "cad", "loadanddelete" };
const char *const phase_name[PHASES] = { "-", N_("lookup"), N_("grow"), N_("evacuate"), N_("insert"), N_("update"), N_("delete"), N_("iterate"),
	N_("clear"), N_("collect"), N_("store"), N_("mark") };
const char *const block_role_name[ROLES] = { N_("none"), "hmap", N_("buckets"), N_("overflow"), N_("extra"), N_("slice"), N_("key"), N_("elem"),
	N_("key text"), N_("elem text"), N_("box"), "hiter", N_("counter"), "sync.Map", "readOnly", N_("entry"), N_("value") };
const char *const tophash_state_name[6] = { "emptyRest", "emptyOne", "evacuatedX", "evacuatedY", "evacuatedEmpty",
	"full" };
const char *const growth_reason_name[2] = { N_("load"), N_("overflow") };
const char *const overflow_source_name[2] = { N_("pre"), N_("heap") };
const char *const span_source_name[SPAN_SOURCES] = { "mheap", "mcentral", N_("stack") };
const char *const span_list_name[2] = { "partial", "full" };
const char *const shade_reason_name[SHADE_REASONS] = { "root", "scan", "barrier-old", "barrier-new", "tiny" };
const char *const outcome_name[OUTCOMES] = { N_("done"), N_("inserted"), N_("updated"), N_("found"), N_("absent"), N_("deleted"), N_("fault"),
	N_("end"), N_("kept") };
const char *const promote_why_name[2] = { "misses", "range" };
const char *const fault_text[FAULTS] = {
	"panic: assignment to entry in nil map",
	"panic: runtime error: hash of unhashable type []int",
	"fatal error: concurrent map writes",
	"fatal error: concurrent map read and map write",
	"fatal error: concurrent map iteration and map write",
};

int event_kind_parse(const char *name)
{
	for (int k = 0; k < EV_COUNT; k++)
		if (strcmp(event_info[k].name, name) == 0)
			return k;
	return -1;
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
#define PUT(...) do { if (n < cap) { int w_ = snprintf(out + n, cap - n, __VA_ARGS__); if (w_ > 0) n += (size_t)w_; } } while (0)

static size_t print_hex(char *out, size_t cap, size_t n, const char *label, union event_bytes b, uint64_t size)
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

/* The word that stands for a number, or NULL when the number itself is shown. */
static const char *arg_word(const struct event *e, int arg, uint64_t v)
{
#define WORD(K, I, TABLE, N) if (e->kind == EV_##K && arg == (I) && v < (N)) return TABLE[v]
	WORD(OP, 1, op_kind_name, OP_KINDS);
	WORD(RIVAL, 0, op_kind_name, OP_KINDS);
	WORD(PHASE, 0, phase_name, PHASES);
	WORD(ALLOC, 1, block_role_name, ROLES);
	WORD(FREE, 1, block_role_name, ROLES);
	WORD(SPAN, 2, span_source_name, SPAN_SOURCES);
	WORD(SWEPT, 3, span_list_name, 2);
	WORD(SHADE, 1, shade_reason_name, SHADE_REASONS);
	WORD(GROWTH, 0, growth_reason_name, 2);
	WORD(OVERFLOW, 1, overflow_source_name, 2);
	WORD(DONE, 0, outcome_name, OUTCOMES);
	WORD(PROMOTE, 1, promote_why_name, 2);
	WORD(ENTRY, 1, entry_word, 3);
	WORD(CAS, 0, entry_word, 3);
	WORD(CAS, 1, entry_word, 3);
	WORD(FAULT, 0, fault_text, FAULTS);
#undef WORD
	return NULL;
}

static bool arg_is_hex(const struct event *e, int arg)
{
	const char *f = event_info[e->kind].fields;
	return (arg == 0 && (strchr(f, 'P') || strchr(f, 'H'))) || (arg == 1 && strchr(f, 'Q')) ||
	       (e->kind == EV_HASH && arg < 3) || (e->kind == EV_RESEED) || (e->kind == EV_TOPHASH && arg < 2) ||
	       ((e->kind == EV_ITERSLOT || e->kind == EV_BACKFILL || e->kind == EV_EVACUATED) && arg == 0);
}

size_t event_print(const struct event *e, uint64_t step, char *out, size_t cap)
{
	size_t n = 0;
	const struct event_info *info = &event_info[e->kind];
	const uint64_t v[4] = { e->a, e->b, e->c, e->d };
	out[0] = 0;
	PUT("%" PRIu64 " %s", step, info->name);
	if (strchr(info->fields, 'A'))
		PUT(" %" PRIx64, e->addr);
	if (strchr(info->fields, 'S'))
		PUT("+%" PRIu64, e->size);
	if (strchr(info->fields, 'O'))
		n = print_hex(out, cap, n, "old", e->old, e->size);
	if (strchr(info->fields, 'N'))
		n = print_hex(out, cap, n, "new", e->new, e->size);
	const char *name = info->args;
	for (int i = 0; i < 4; i++) {
		size_t len = strcspn(name, " ");
		if (*name != '-') {
			const char *word = arg_word(e, i, v[i]);
			if (word)
				PUT(" %.*s=%s", (int)len, name, word);
			else
				PUT(arg_is_hex(e, i) ? " %.*s=%" PRIx64 : " %.*s=%" PRIu64, (int)len, name, v[i]);
		}
		name += len + strspn(name + len, " ");
	}
	if (e->kind == EV_ALLOC || e->kind == EV_FREE)
		PUT(" span=%" PRIx64, event_span(e));
	return n < cap ? n : cap - 1;
}
