/* What `stats` reports of a classic map; see trace/map/report.h. */
#include "trace/map/classic/fit.h"
#include "trace/map/classic/private.h"

#include "trace/base/translate.h"

#include <inttypes.h>
#include <string.h>

/* ---- events ---- */

enum figure { TOPHASHES, KEYS, GROWTHS, EVACUATED_BUCKETS, MOVED_ENTRIES, OVERFLOW_PRE, OVERFLOW_HEAP };

static void count_event(const struct event *e, uint64_t *figure)
{
	switch (e->kind) {
	case EV_TOPHASH: figure[TOPHASHES]++; break;
	case EV_KEY: figure[KEYS]++; break;
	case EV_GROWTH: figure[GROWTHS]++; break;
	case EV_OVERFLOW: figure[e->b == SOURCE_PRE ? OVERFLOW_PRE : OVERFLOW_HEAP]++; break;
	case EV_MOVED:
		figure[EVACUATED_BUCKETS]++;
		figure[MOVED_ENTRIES] += e->b + e->c;
		break;
	default: break;
	}
}

static void print_each(const uint64_t *figure, uint64_t operations, FILE *out)
{
	if (figure[TOPHASHES] + figure[KEYS])
		fprintf(out, _("   %.2f tophashes read, %.2f keys compared each"),
			(double)figure[TOPHASHES] / (double)operations,
			(double)figure[KEYS] / (double)operations);
}

static void print_events(const uint64_t *figure, FILE *out)
{
	fprintf(out, _("growths %" PRIu64 ", old buckets evacuated %" PRIu64 ", entries moved %" PRIu64 "\n"),
		figure[GROWTHS], figure[EVACUATED_BUCKETS], figure[MOVED_ENTRIES]);
	fprintf(out,
		_("overflow buckets made %" PRIu64 " (%" PRIu64 " preallocated, %" PRIu64
		  " from the heap)\n"),
		figure[OVERFLOW_PRE] + figure[OVERFLOW_HEAP], figure[OVERFLOW_PRE], figure[OVERFLOW_HEAP]);
}

/* ---- memory ---- */

enum { FIT_PLACES = LINE_MOST / 8 }; /* a bucket begins at a multiple of 8 */

struct shape_count {
	uint64_t chained, longest, bytes;
	uint64_t buckets[FIT_PLACES]; /* by where they begin in a line */
};

struct fit_sum {
	uint64_t buckets, lines, straddling;
};

static struct shape_count count_buckets(const struct map_view *v, uint32_t line)
{
	const struct classic_state *s = classic_state(v);
	struct shape_count n = { 0 };
	struct map_group g;
	for (bool more = map_first(v, &g); more; more = map_next(v, &g)) {
		n.buckets[g.addr % line / 8]++;
		n.chained += g.depth > 0;
		if (g.depth > 0 && g.source == GROUP_HEAP)
			n.bytes += s->t.bucketsize;
		if (g.depth + 1 > n.longest)
			n.longest = g.depth + 1;
	}
	n.bytes += HMAP_SIZE + s->h.new_size + s->h.old_size + (s->h.extra ? EXTRA_SIZE : 0);
	return n;
}

static struct fit_sum sum_of(const struct shape_count *n, const struct map_type *t, uint32_t line)
{
	struct fit_sum sum = { 0 };
	for (unsigned i = 0; i < FIT_PLACES; i++) {
		struct bucket_fit f = bucket_fit(t, i * 8, line);
		sum.buckets += n->buckets[i];
		sum.lines += n->buckets[i] * f.lines;
		sum.straddling += n->buckets[i] * (unsigned)__builtin_popcount(f.keys | f.elems);
	}
	return sum;
}

static void print_slots(unsigned slots, FILE *out)
{
	const char *between = "";
	for (unsigned i = 0; i < SLOTS; i++)
		if (slots >> i & 1) {
			fprintf(out, "%s%u", between, i);
			between = " ";
		}
	if (!slots)
		fputs(_("none"), out);
}

static void print_place(const struct bucket_fit *f, unsigned at, uint64_t buckets, uint32_t line, FILE *out)
{
	fprintf(out, _("    at %3u mod %u: buckets %" PRIu64 ", lines of each %u; keys that straddle: "), at,
		line, buckets, f->lines);
	print_slots(f->keys, out);
	fputs(_("; elems: "), out);
	print_slots(f->elems, out);
	putc('\n', out);
}

static void print_fit(const struct shape_count *n, const struct map_type *t, uint32_t line, FILE *out)
{
	struct fit_sum sum = sum_of(n, t, line);
	if (sum.buckets)
		fprintf(out,
			_("  a bucket has %u bytes; on lines of %u: %.2f lines; slots that straddle: %" PRIu64
			  " of %" PRIu64 "\n"),
			t->bucketsize, line, (double)sum.lines / (double)sum.buckets, sum.straddling,
			sum.buckets * SLOTS);
	for (unsigned i = 0; i < FIT_PLACES; i++)
		if (n->buckets[i]) {
			struct bucket_fit f = bucket_fit(t, i * 8, line);
			print_place(&f, i * 8, n->buckets[i], line, out);
		}
}

static void print_memory(const struct map_view *v, uint32_t line, FILE *out)
{
	const struct hmap_view *h = &classic_state(v)->h;
	struct shape_count n = count_buckets(v, line);
	fprintf(out,
		_("  count %" PRId64 "  B %u  flags %u  overflow buckets %" PRIu64 "  longest chain %" PRIu64
		  "  %s\n  %" PRIu64 " bytes"),
		h->count, h->B, h->flags, n.chained, n.longest,
		h->oldbuckets ? _("growing") : _("not growing"), n.bytes);
	if (h->count > 0)
		fprintf(out, _(", %.1f an entry"), (double)n.bytes / (double)h->count);
	putc('\n', out);
	print_fit(&n, &classic_state(v)->t, line, out);
}

static void place_json(struct json *j, const struct bucket_fit *f, unsigned at, uint64_t buckets)
{
	json_object(j);
	json_key_unsigned(j, "mod", at);
	json_key_unsigned(j, "buckets", buckets);
	json_key_unsigned(j, "lines", f->lines);
	json_key_array(j, "straddling_slots");
	for (unsigned i = 0; i < SLOTS; i++)
		if ((f->keys | f->elems) >> i & 1)
			json_unsigned(j, i);
	json_end(j);
	json_end(j);
}

static void fit_json(struct json *j, const struct shape_count *n, const struct map_type *t, uint32_t line)
{
	struct fit_sum sum = sum_of(n, t, line);
	json_key_unsigned(j, "bucket_bytes", t->bucketsize);
	json_key_unsigned(j, "lines", sum.lines);
	json_key_unsigned(j, "straddling_slots", sum.straddling);
	json_key_array(j, "places");
	for (unsigned i = 0; i < FIT_PLACES; i++)
		if (n->buckets[i]) {
			struct bucket_fit f = bucket_fit(t, i * 8, line);
			place_json(j, &f, i * 8, n->buckets[i]);
		}
	json_end(j);
}

static void memory_json(const struct map_view *v, uint32_t line, struct json *j)
{
	const struct hmap_view *h = &classic_state(v)->h;
	struct shape_count n = count_buckets(v, line);
	json_key_integer(j, "count", h->count);
	json_key_unsigned(j, "B", h->B);
	json_key_unsigned(j, "flags", h->flags);
	json_key_unsigned(j, "noverflow", h->noverflow);
	json_key_unsigned(j, "overflow_buckets", n.chained);
	json_key_unsigned(j, "longest_chain", n.longest);
	json_key_bool(j, "growing", h->oldbuckets != 0);
	json_key_unsigned(j, "bytes", n.bytes);
	fit_json(j, &n, &classic_state(v)->t, line);
}

const struct map_report classic_report = { .name = { [TOPHASHES] = "tophashes",
						   [KEYS] = "keys",
						   [GROWTHS] = "growths",
						   [EVACUATED_BUCKETS] = "evacuated",
						   [MOVED_ENTRIES] = "moved",
						   [OVERFLOW_PRE] = "overflow_pre",
						   [OVERFLOW_HEAP] = "overflow_heap" },
	.each = GROWTHS,
	.event = count_event,
	.print_each = print_each,
	.print = print_events,
	.memory = print_memory,
	.memory_json = memory_json,
	.compare = classic_compare };
