/* mapscope size: what a map type takes, for a hint and for a number of entries. */
#include "src/command/command.h"
#include "src/command/options.h"
#include "src/command/report.h"

#include "src/engine/engine.h"
#include "trace/base/builder.h"
#include "trace/map/classic/type.h"

#include <getopt.h>
#include <inttypes.h>

struct question {
	struct go_type key, elem;
	struct map_type t;
	const struct engine *engine;
	const struct release *release;
	int64_t hint;     /* -1: none */
	uint64_t entries; /* 0: a series */
	bool json;
};

/* A map that has come to its B and is not growing, without what keys and elems point to. */
struct answer {
	uint64_t entries;
	unsigned B;
	uint64_t buckets, preallocated;
	uint64_t given;       /* bytes of the array as the allocator gives it */
	uint64_t bytes;       /* with hmap and extra */
	uint64_t next_growth; /* the entry that starts one */
	unsigned growths;     /* on the way to it, from the first array: that of the hint, or of one bucket */
	uint64_t allocated;   /* bytes of all arrays on that way */
};

static struct map_options options_of(const struct question *q, int64_t hint)
{
	return (struct map_options){ .key = q->key, .elem = q->elem, .release = q->release, .hint = hint };
}

static struct answer answer(const struct question *q, unsigned B, uint64_t entries)
{
	struct map_options o = options_of(q, q->hint);
	struct map_size size;
	q->engine->size(&o, UINT64_C(1) << B, &size);
	return (struct answer){ .entries = entries,
		.B = B,
		.buckets = UINT64_C(1) << B,
		.preallocated = size.spare,
		.given = size.given,
		.bytes = size.bytes,
		.next_growth = size.next_growth };
}

static unsigned hint_B(const struct question *q, int64_t hint)
{
	struct map_options o = options_of(q, hint);
	return (unsigned)__builtin_ctzll(q->engine->hint_groups(&o));
}

/* After entries puts into a map that was made with the hint asked for. */
static struct answer answer_grown(const struct question *q, uint64_t entries)
{
	struct answer a;
	unsigned first = hint_B(q, q->hint), B = first;
	uint64_t allocated = 0;
	do {
		a = answer(q, B++, entries);
		allocated += a.given;
	} while (entries >= a.next_growth);
	a.growths = a.B - first;
	a.allocated = allocated;
	return a;
}

/* The hints that make at once the array which so many entries need; the least is 0 when one bucket is enough.
 */
struct advice {
	uint64_t least, most;
	struct answer then;
};

static struct advice advice(const struct question *q, uint64_t entries)
{
	unsigned B = hint_B(q, (int64_t)entries);
	struct advice d = { .then = answer(q, B, entries) };
	d.most = d.then.next_growth - 1;
	d.least = B == 0 ? 0 : answer(q, B - 1, entries).next_growth;
	return d;
}

/* Bytes that hold no key and no elem. */
static uint64_t waste(const struct question *q, const struct answer *a)
{
	uint64_t used = a->entries * (q->t.keysize + q->t.elemsize);
	return a->bytes > used ? a->bytes - used : 0;
}

static void print_type(const struct question *q)
{
	printf("map[%s]%s  go%s  %s\n", q->key.name, q->elem.name, q->release->name,
		q->release->proved ? _("proved") : _("from reading"));
	printf(_("a slot: key %s%s, elem %s%s; a bucket of 8: %s;\nfunctions: mapassign%s\n"),
		counted_bytes(q->t.keysize), q->t.indirect_key ? _(" (a pointer)") : "",
		counted_bytes(q->t.elemsize), q->t.indirect_elem ? _(" (a pointer)") : "",
		counted_bytes(q->t.bucketsize), map_variant_name[q->t.variant]);
}

static void print_hint(const struct question *q)
{
	struct answer a = answer(q, hint_B(q, q->hint), 0);
	bool lazy = a.B == 0, ignored = (uint64_t)q->hint >= a.next_growth;
	printf(_("make(map[%s]%s, %" PRId64 "):\nB %u, %s and %" PRIu64
		 " preallocated, %s%s;\nthe next growth comes with entry %" PRIu64 "%s\n"),
		q->key.name, q->elem.name, q->hint, a.B, counted_buckets(a.buckets), a.preallocated,
		counted_bytes(a.bytes), lazy ? _(" once the first entry is put") : "", a.next_growth,
		ignored ? _("\nno address space holds so many: Go takes the hint as 0") : "");
}

/* The columns of the rows below. */
static void print_head(void)
{
	static const struct report_column column[] = { { 8, N_("entries") }, { 3, "B" }, { 9, N_("buckets") },
		{ 12, N_("bytes") }, { 8, N_("/entry") }, { 8, N_("waste/e") }, { 11, N_("next grow") },
		{ 9, N_("growths") }, { 12, N_("allocated") } };
	putchar('\n');
	REPORT_HEADS(column);
	putchar('\n');
}

static void print_row(const struct question *q, uint64_t entries)
{
	struct answer a = answer_grown(q, entries);
	printf("%8" PRIu64 " %2u %8" PRIu64 " %11" PRIu64 " %7.1f %7.1f %10" PRIu64 " %8u %11" PRIu64 "\n",
		entries, a.B, a.buckets, a.bytes, (double)a.bytes / (double)entries,
		(double)waste(q, &a) / (double)entries, a.next_growth, a.growths, a.allocated);
}

static void report_answer(struct report *r, const struct question *q, const struct answer *a)
{
	report_row(r);
	report_unsigned(r, "entries", a->entries);
	report_unsigned(r, "B", a->B);
	report_unsigned(r, "buckets", a->buckets);
	report_unsigned(r, "preallocated", a->preallocated);
	report_unsigned(r, "bytes", a->bytes);
	report_unsigned(r, "waste", waste(q, a));
	report_unsigned(r, "next_growth", a->next_growth);
	report_unsigned(r, "growths", a->growths);
	report_unsigned(r, "allocated", a->allocated);
	report_row_end(r);
}

static const uint64_t series[] = { 1, 8, 9, 13, 14, 26, 27, 52, 53, 100, 1000, 10000, 100000, 1000000 };
enum { SERIES = sizeof series / sizeof *series };

static void print_advice(const struct question *q)
{
	struct answer a = answer_grown(q, q->entries);
	struct advice d = advice(q, q->entries);
	if (d.least == 0)
		printf(P_("\nNo hint is needed: %" PRIu64 " entry goes into one bucket.\n",
			       "\nNo hint is needed: %" PRIu64 " entries go into one bucket.\n", q->entries),
			q->entries);
	else
		printf(_("\nGive the hint %" PRIu64 " (%" PRIu64 " to %" PRIu64
			 " make the same):\none array of %s.\n"),
			q->entries, d.least, d.most, counted_bytes(d.then.given));
	if (a.growths)
		printf(q->hint >= 0
				? _("With the hint above it takes %u arrays, of together %" PRIu64
				    " bytes.\n")
				: _("Without a hint it takes %u arrays, of together %" PRIu64 " bytes.\n"),
			a.growths + 1, a.allocated);
	else if (d.least > 0 && q->hint >= 0)
		printf(_("The hint above takes one array of %" PRIu64 ".\n"), a.given);
}

static void print_text(const struct question *q)
{
	print_type(q);
	if (q->hint >= 0)
		print_hint(q);
	print_head();
	for (int i = 0; i < SERIES; i++)
		if (!q->entries)
			print_row(q, series[i]);
	if (q->entries) {
		print_row(q, q->entries);
		print_advice(q);
	} else {
		puts(_("\nWhat hint to give: the entries that will come, if they are known; --entries "
		       "N\nsays what it saves."));
	}
	puts(_("\nbytes: hmap, array as the allocator gives it, extra; without overflow buckets\n"
	       "from the heap, without what keys and elems point to. While a growth is under\n"
	       "way the old array is there too. waste/e: bytes that hold no key and no elem,\n"
	       "an entry. allocated: all arrays up to there. Growths are those by load: many\n"
	       "overflow buckets can start one of the same size earlier."));
}

static void print_json(const struct question *q)
{
	struct answer a = q->hint >= 0 ? answer(q, hint_B(q, q->hint), 0) : answer_grown(q, q->entries);
	struct report r = report_to(FORM_JSON);
	struct builder type = builder_own();
	builder_add(&type, "map[%s]%s", q->key.name, q->elem.name);
	report_row(&r);
	report_text(&r, "type", type.text);
	builder_release(&type);
	report_text(&r, "go", q->release->name);
	report_unsigned(&r, "bucket_bytes", q->t.bucketsize);
	if (q->hint >= 0)
		report_unsigned(&r, "hint", (uint64_t)q->hint);
	else
		report_none(&r, "hint");
	if (q->entries) {
		struct advice d = advice(q, q->entries);
		report_unsigned(&r, "give_hint", q->entries);
		report_unsigned(&r, "give_hint_least", d.least);
		report_unsigned(&r, "give_hint_most", d.most);
		report_unsigned(&r, "give_hint_bytes", d.then.bytes);
	}
	report_unsigned(&r, "B", a.B);
	report_unsigned(&r, "buckets", a.buckets);
	report_unsigned(&r, "preallocated", a.preallocated);
	report_unsigned(&r, "bytes", a.bytes);
	report_unsigned(&r, "next_growth", a.next_growth);
	json_key_array(&r.json, "after");
	for (int i = 0; i < (q->entries ? 1 : SERIES); i++) {
		a = answer_grown(q, q->entries ? q->entries : series[i]);
		report_answer(&r, q, &a);
	}
	json_end(&r.json);
	report_row_end(&r);
	putchar('\n');
}

static int read_hint(const char *command, const char *text, void *to)
{
	int64_t *hint = to;
	if (literal_int64(text, hint) && *hint >= 0)
		return -1;
	return command_usage(command, "\"%s\" is no hint (a whole number from 0)", text);
}

static int read_entries(const char *command, const char *text, void *to)
{
	uint64_t *entries = to;
	if (command_number(text, entries) && *entries >= 1 && *entries <= UINT64_C(1) << 40)
		return -1;
	return command_usage(command, "\"%s\" is no number of entries (1 to 2^40)", text);
}

static int read_release(const char *command, const char *text, void *to)
{
	const struct release **release = to;
	*release = release_find(text);
	return *release ? -1 : command_usage(command, "Go %s is unknown; 1.18 to 1.23 are known", text);
}

int cmd_size(int argc, char **argv)
{
	struct question q = {
		.engine = engine_find("map", release_default()), .release = release_default(), .hint = -1
	};
	const char *wrong;
	const struct option_row rows[] = { OPTION_READ("hint", read_hint, &q.hint),
		OPTION_READ("entries", read_entries, &q.entries), OPTION_READ("go", read_release, &q.release),
		OPTION_FLAG("json", &q.json), { 0 } };
	int status = options_read("size", argc, argv, rows);
	if (status >= 0)
		return status;
	if (argc - optind != 1)
		return command_usage(
			"size", "give one map type, in quotes: mapscope size 'map[string]int64'");
	if (!go_map_parse(argv[optind], &q.key, &q.elem, &wrong))
		return command_usage("size",
			"\"%s\" is no map type that mapscope knows; it goes wrong at \"%s\" (known: string, "
			"bool, "
			"the numbers, [N]byte, struct{}, any)",
			argv[optind], wrong);
	q.t = map_type_make(q.key, q.elem);
	if (q.json)
		print_json(&q);
	else
		print_text(&q);
	return command_flush("size", stdout);
}
