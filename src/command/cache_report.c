/* Caches in `stats`; see cache_report.h. */
#include "src/command/cache_report.h"
#include "src/command/put.h"

#include "trace/base/translate.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

bool cache_option(struct cache_shape *s, int c, const char *text, char *error)
{
	if (c == 'L') {
		char *end;
		unsigned long line = *text >= '0' && *text <= '9' ? strtoul(text, &end, 10) : 0;
		if (line && !*end && line_size_known(line)) {
			s->line = (uint32_t)line;
			return true;
		}
		snprintf(error, CACHE_ERROR, _("\"%.60s\" is no size of a line: 32, 64, 128 or 256"), text);
		return false;
	}
	if (cache_level_parse(text, c == '1' ? &s->l1 : &s->l2))
		return true;
	snprintf(error, CACHE_ERROR, _("\"%.60s\" is no cache: give its size and its ways, as %s (at most 256M and %d ways)"), text,
		 c == '1' ? "32K,8" : "1M,16", CACHE_WAYS_MOST);
	return false;
}

/* ---- the model ---- */

static double each(uint64_t n, const struct traffic_sum *s)
{
	return (double)n / (double)s->operations;
}

static void print_counts_json(const struct cache_counts *n)
{
	printf("\"reads\":%" PRIu64 ",\"writes\":%" PRIu64 ",\"l1_read_misses\":%" PRIu64 ",\"l1_write_misses\":%" PRIu64
	       ",\"l2_read_misses\":%" PRIu64 ",\"l2_write_misses\":%" PRIu64 ",\"straddling\":%" PRIu64, n->reads, n->writes,
	       n->l1_read_misses, n->l1_write_misses, n->l2_read_misses, n->l2_write_misses, n->straddling);
}

static void report_json(const struct traffic *t)
{
	const struct cache_shape *s = &t->cache.shape;
	printf("\"cache\":{\"line\":%u,\"l1\":{\"size\":%u,\"ways\":%u},\"l2\":{\"size\":%u,\"ways\":%u},", s->line, s->l1.size,
	       s->l1.ways, s->l2.size, s->l2.ways);
	print_counts_json(&t->all);
	printf(",\"zeroed_bytes\":%" PRIu64 ",\"zeroed_blocks\":%" PRIu64 ",\"by_operation\":{", t->zeroed, t->blocks);
	for (int k = 0, first = 1; k < TRAFFIC_CLASSES; k++)
		if (t->sum[k].operations) {
			printf("%s\"%s\":{\"operations\":%" PRIu64 ",\"lines\":%" PRIu64 ",", first ? "" : ",", traffic_class_name[k],
			       t->sum[k].operations, t->sum[k].lines);
			print_counts_json(&t->sum[k].n);
			putchar('}');
			first = 0;
		}
	printf("}}");
}

/* The columns of the rows below. */
static void report_head(void)
{
	static const struct { int width; const char *name; } column[] = { { -18, N_("  each, on average") }, { 11, N_("operations") },
		{ 10, N_("lines") }, { 10, N_("accesses") }, { 11, N_("straddling") }, { 10, N_("L1 misses") }, { 10, N_("L2 misses") } };
	for (size_t i = 0; i < sizeof column / sizeof column[0]; i++)
		put_column(column[i].width, _(column[i].name));
	putchar('\n');
}

static void report_row(const struct traffic_sum *m, const char *name)
{
	fputs("  ", stdout);
	put_column(-16, name);
	printf(" %10" PRIu64 " %9.2f %9.2f %10.3f %9.3f %9.3f\n", m->operations, each(m->lines, m), each(counts_accesses(&m->n), m),
	       each(m->n.straddling, m), each(counts_l1_misses(&m->n), m), each(counts_l2_misses(&m->n), m));
}

static void report_text(const struct traffic *t)
{
	const struct cache_shape *s = &t->cache.shape;
	char l1[40], l2[40];
	cache_level_print(s->l1, l1, sizeof l1);
	cache_level_print(s->l2, l2, sizeof l2);
	printf(_("cache, a model (cachegrind's rules, one core, empty at first):\n  lines of %u bytes, L1 %s, L2 %s\n"), s->line, l1, l2);
	bool any = false;
	for (int k = 0; k < TRAFFIC_CLASSES; k++)
		any = any || t->sum[k].operations;
	if (any)
		report_head();
	for (int k = 0; k < TRAFFIC_CLASSES; k++) {
		const struct traffic_sum *m = &t->sum[k];
		if (m->operations)
			report_row(m, _(traffic_class_name[k]));
	}
	printf(_("  in all: %s and %s of up to 8 bytes, over a line's border %" PRIu64 ";\n"
		 "    missed in L1 %" PRIu64 " and %" PRIu64 ", in L2 %" PRIu64 " and %" PRIu64 "\n"),
	       counted("%" PRIu64 " read", "%" PRIu64 " reads", t->all.reads), counted("%" PRIu64 " write", "%" PRIu64 " writes", t->all.writes),
	       t->all.straddling, t->all.l1_read_misses, t->all.l1_write_misses, t->all.l2_read_misses, t->all.l2_write_misses);
	printf(_("  not part of it: what allocations zeroed, %s in %s\n"), counted_bytes(t->zeroed),
	       counted("%" PRIu64 " block", "%" PRIu64 " blocks", t->blocks));
}

void cache_report(const struct traffic *t, bool json)
{
	if (json)
		report_json(t);
	else
		report_text(t);
}

/* ---- buckets on lines ---- */

void fit_count_add(struct fit_count *n, uint64_t addr, uint32_t line)
{
	n->buckets[addr % line / 8]++;
}

/* The slots of a set, as "2 6", "[2,6]". */
static void print_slots(unsigned slots, bool json)
{
	const char *between = "";
	for (unsigned i = 0; i < SLOTS; i++)
		if (slots >> i & 1) {
			printf("%s%u", between, i);
			between = json ? "," : " ";
		}
	if (!slots && !json)
		fputs(_("none"), stdout);
}

static void place_json(const struct bucket_fit *f, unsigned at, uint64_t buckets, bool first)
{
	printf("%s{\"mod\":%u,\"buckets\":%" PRIu64 ",\"lines\":%u,\"straddling_slots\":[", first ? "" : ",", at, buckets, f->lines);
	print_slots(f->keys | f->elems, true);
	printf("]}");
}

static void place_text(const struct bucket_fit *f, unsigned at, uint64_t buckets, uint32_t line)
{
	printf(_("    at %3u mod %u: buckets %" PRIu64 ", lines of each %u; keys that straddle: "), at, line, buckets, f->lines);
	print_slots(f->keys, false);
	fputs(_("; elems: "), stdout);
	print_slots(f->elems, false);
	putchar('\n');
}

void fit_report(const struct fit_count *n, const struct map_type *t, uint32_t line, bool json)
{
	uint64_t buckets = 0, lines = 0, straddling = 0;
	for (unsigned i = 0; i < FIT_PLACES; i++) {
		struct bucket_fit f = bucket_fit(t, i * 8, line);
		buckets += n->buckets[i];
		lines += n->buckets[i] * f.lines;
		straddling += n->buckets[i] * (unsigned)__builtin_popcount(f.keys | f.elems);
	}
	if (json)
		printf(",\"bucket_bytes\":%u,\"lines\":%" PRIu64 ",\"straddling_slots\":%" PRIu64 ",\"places\":[", t->bucketsize, lines,
		       straddling);
	else if (buckets)
		printf(_("  a bucket has %u bytes; on lines of %u: %.2f lines; slots that straddle: %" PRIu64 " of %" PRIu64 "\n"),
		       t->bucketsize, line, (double)lines / (double)buckets, straddling, buckets * SLOTS);
	for (unsigned i = 0, first = 1; i < FIT_PLACES; i++)
		if (n->buckets[i]) {
			struct bucket_fit f = bucket_fit(t, i * 8, line);
			if (json)
				place_json(&f, i * 8, n->buckets[i], first);
			else
				place_text(&f, i * 8, n->buckets[i], line);
			first = 0;
		}
	if (json)
		putchar(']');
}
