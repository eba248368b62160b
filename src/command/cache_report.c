/* Caches in `stats`; see cache_report.h. */
#include "src/command/cache_report.h"
#include "src/command/command.h"
#include "src/command/report.h"

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
	snprintf(error, CACHE_ERROR,
		_("\"%.60s\" is no cache: give its size and its ways, as %s (at most 256M and %d ways)"),
		text, c == '1' ? "32K,8" : "1M,16", CACHE_WAYS_MOST);
	return false;
}

static int read_option(const char *command, int which, const char *text, void *shape)
{
	char error[CACHE_ERROR];
	return cache_option(shape, which, text, error) ? -1 : command_usage(command, "%s", error);
}

int cache_read_line(const char *command, const char *text, void *shape)
{
	return read_option(command, 'L', text, shape);
}

int cache_read_l1(const char *command, const char *text, void *shape)
{
	return read_option(command, '1', text, shape);
}

int cache_read_l2(const char *command, const char *text, void *shape)
{
	return read_option(command, '2', text, shape);
}

/* ---- the model ---- */

static double each(uint64_t n, const struct traffic_sum *s)
{
	return (double)n / (double)s->operations;
}

static void counts_json(struct json *j, const struct cache_counts *n)
{
	json_key_unsigned(j, "reads", n->reads);
	json_key_unsigned(j, "writes", n->writes);
	json_key_unsigned(j, "l1_read_misses", n->l1_read_misses);
	json_key_unsigned(j, "l1_write_misses", n->l1_write_misses);
	json_key_unsigned(j, "l2_read_misses", n->l2_read_misses);
	json_key_unsigned(j, "l2_write_misses", n->l2_write_misses);
	json_key_unsigned(j, "straddling", n->straddling);
}

static void level_json(struct json *j, const char *name, const struct cache_level *l)
{
	json_key_object(j, name);
	json_key_unsigned(j, "size", l->size);
	json_key_unsigned(j, "ways", l->ways);
	json_end(j);
}

void cache_report_json(struct json *j, const struct traffic *t)
{
	const struct cache_shape *s = &t->cache.shape;
	json_key_object(j, "cache");
	json_key_unsigned(j, "line", s->line);
	level_json(j, "l1", &s->l1);
	level_json(j, "l2", &s->l2);
	counts_json(j, &t->all);
	json_key_unsigned(j, "zeroed_bytes", t->zeroed);
	json_key_unsigned(j, "zeroed_blocks", t->blocks);
	json_key_object(j, "by_operation");
	for (int k = 0; k < TRAFFIC_CLASSES; k++)
		if (t->sum[k].operations) {
			json_key_object(j, traffic_class_name[k]);
			json_key_unsigned(j, "operations", t->sum[k].operations);
			json_key_unsigned(j, "lines", t->sum[k].lines);
			counts_json(j, &t->sum[k].n);
			json_end(j);
		}
	json_end(j);
	json_end(j);
}

/* The columns of the rows below. */
static void print_heads(void)
{
	static const struct report_column column[] = { { -18, N_("  each, on average") },
		{ 11, N_("operations") }, { 10, N_("lines") }, { 10, N_("accesses") },
		{ 11, N_("straddling") }, { 10, N_("L1 misses") }, { 10, N_("L2 misses") } };
	REPORT_HEADS(column);
	putchar('\n');
}

static void print_row(const struct traffic_sum *m, const char *name)
{
	fputs("  ", stdout);
	report_cell(-16, name);
	printf(" %10" PRIu64 " %9.2f %9.2f %10.3f %9.3f %9.3f\n", m->operations, each(m->lines, m),
		each(counts_accesses(&m->n), m), each(m->n.straddling, m), each(counts_l1_misses(&m->n), m),
		each(counts_l2_misses(&m->n), m));
}

void cache_report(const struct traffic *t)
{
	const struct cache_shape *s = &t->cache.shape;
	char l1[40], l2[40];
	cache_level_print(s->l1, l1, sizeof l1);
	cache_level_print(s->l2, l2, sizeof l2);
	printf(_("cache, a model (cachegrind's rules, one core, empty at first):\n  lines of %u bytes, L1 "
		 "%s, L2 %s\n"),
		s->line, l1, l2);
	bool any = false;
	for (int k = 0; k < TRAFFIC_CLASSES; k++)
		any = any || t->sum[k].operations;
	if (any)
		print_heads();
	for (int k = 0; k < TRAFFIC_CLASSES; k++) {
		const struct traffic_sum *m = &t->sum[k];
		if (m->operations)
			print_row(m, _(traffic_class_name[k]));
	}
	printf(_("  in all: %s and %s of up to 8 bytes, over a line's border %" PRIu64 ";\n"
		 "    missed in L1 %" PRIu64 " and %" PRIu64 ", in L2 %" PRIu64 " and %" PRIu64 "\n"),
		counted("%" PRIu64 " read", "%" PRIu64 " reads", t->all.reads),
		counted("%" PRIu64 " write", "%" PRIu64 " writes", t->all.writes), t->all.straddling,
		t->all.l1_read_misses, t->all.l1_write_misses, t->all.l2_read_misses, t->all.l2_write_misses);
	printf(_("  not part of it: what allocations zeroed, %s in %s\n"), counted_bytes(t->zeroed),
		counted("%" PRIu64 " block", "%" PRIu64 " blocks", t->blocks));
}
