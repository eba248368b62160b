/* mapscope sharing: which cache lines move between cores, and whose neighbours are to blame; a table such as
 * perf c2c prints, of the model in trace/cache/mesi.h. */
#include "src/command/command.h"
#include "src/command/options.h"
#include "src/command/report.h"

#include "trace/base/memory.h"
#include "trace/cache/mesi.h"
#include "trace/record/player.h"
#include "trace/record/walk.h"
#include "trace/map/locate.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct sharing {
	struct source *source;
	enum form form;
	uint64_t most; /* lines to print */
	struct mesi mesi;
	struct locator locator;
	struct player player; /* moved to where a line was used last, for words */
	uint32_t *order;      /* the lines that several cores used, as they are printed */
	size_t n;
};

/* ---- words ---- */

static const char *verdict(const struct mesi_counts *n)
{
	return n->transfers == 0       ? "none"
		: n->true_sharing == 0 ? "false"
		: mesi_false(n) == 0   ? "true"
				       : "both";
}

/* What stands there, when the core used it last. */
static void words_of(
	struct sharing *r, const struct mesi_line *l, const struct mesi_cell *c, char *out, size_t cap)
{
	if (player_seek(&r->player, c->step) != 0)
		snprintf(out, cap, "%s", _("free memory"));
	else
		locator_print(&r->locator, image_reader(r->player.image), l->addr + c->offset, out, cap);
}

/* ---- counting ---- */

static int count_steps(struct sharing *r)
{
	struct source *s = r->source;
	struct walk w;
	struct progress p = progress_begin("sharing", N_("steps"));
	walk_init(&w, s, 1);
	while (walk_next(&w, s->steps, NULL)) {
		for (uint32_t i = 0; i < w.n; i++) {
			locator_event(&r->locator, &w.event[i]);
			mesi_event(&r->mesi, &w.event[i], w.step + i);
		}
		progress_draw(&p, w.last, s->steps);
	}
	progress_end(&p);
	int status = w.failed ? -1 : 0;
	walk_release(&w);
	return status;
}

static const struct mesi_line *sorted_lines; /* for qsort, which hands nothing on */

static int by_flips(const void *a, const void *b)
{
	const struct mesi_line *x = &sorted_lines[*(const uint32_t *)a],
			       *y = &sorted_lines[*(const uint32_t *)b];
	if (x->n.flips != y->n.flips)
		return x->n.flips < y->n.flips ? 1 : -1;
	if (x->n.transfers != y->n.transfers)
		return x->n.transfers < y->n.transfers ? 1 : -1;
	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

static void sort_lines(struct sharing *r)
{
	r->order = memory_array(r->mesi.lines + 1, sizeof *r->order);
	for (size_t i = 0; i < r->mesi.lines; i++)
		if (mesi_shared(&r->mesi.line[i]))
			r->order[r->n++] = (uint32_t)i;
	sorted_lines = r->mesi.line;
	qsort(r->order, r->n, sizeof *r->order, by_flips);
}

/* ---- text ---- */

static const char *cores_text(uint64_t cores, char *out, size_t cap)
{
	size_t n = 0;
	out[0] = 0;
	for (unsigned c = 0; c < CORES && n < cap; c++)
		if (cores >> c & 1)
			n += (size_t)snprintf(out + n, cap - n, "%s%u", n ? " " : "", c);
	return out;
}

static void print_summary(const struct sharing *r)
{
	const struct mesi_counts *n = &r->mesi.n;
	char cores[256];
	report_clean(r->source->name);
	printf(_(": %s on cores %s; cache lines of %u bytes\n"), counted_operations(r->source->ops),
		r->mesi.cores ? cores_text(r->mesi.cores, cores, sizeof cores) : "-", r->mesi.line_size);
	printf(_("words read %" PRIu64 ", written %" PRIu64 "; lines used %zu, by several cores %zu\n"),
		n->reads, n->writes, r->mesi.lines, r->n);
	printf(_("transfers between cores %" PRIu64 " (%" PRIu64 " from Modified), flips %" PRIu64
		 ", copies lost %" PRIu64 "\n"),
		n->transfers, n->hitm, n->flips, n->invalidated);
	if (n->transfers)
		printf(_("true sharing %" PRIu64 ", false sharing %" PRIu64
			 " (%.0f %% of the transfers brought a line for nothing)\n"),
			n->true_sharing, mesi_false(n), (double)mesi_false(n) * 100 / (double)n->transfers);
	if (r->mesi.passed)
		printf(P_("only the first %u lines are followed; %" PRIu64 " access to others is left out\n",
			       "only the first %u lines are followed; %" PRIu64
			       " accesses to others are left out\n",
			       r->mesi.passed),
			r->mesi.most, r->mesi.passed);
	if (!r->mesi.cores)
		puts(_("No core has touched memory."));
	else if (!(r->mesi.cores & (r->mesi.cores - 1)))
		puts(_("One core has done it all: nothing is shared. A workload says `core 1 put a 1` to use "
		       "another."));
}

static const char *advice(const struct mesi_counts *n)
{
	if (n->transfers == 0)
		return _("only read, or written before the others came: it costs nothing");
	if (n->true_sharing == 0)
		return _("FALSE sharing: no core needs what the others write here. Pad: give each its own "
			 "line");
	if (mesi_false(n) == 0)
		return _("TRUE sharing: the cores need each other's bytes. Padding does not help; write "
			 "less, or split it");
	if (mesi_false(n) > n->true_sharing)
		return _("mostly FALSE sharing: padding would save what is false of the transfers, not the "
			 "rest");
	return _("mostly TRUE sharing: padding would save only what is false of the transfers");
}

static void print_line(struct sharing *r, const struct mesi_line *l)
{
	char words[LOCATION_TEXT];
	printf(_("\nline %" PRIx64 "  flips %" PRIu64 "  transfers %" PRIu64 " (false %" PRIu64
		 ")  copies lost %" PRIu64 "\n"),
		l->addr, l->n.flips, l->n.transfers, mesi_false(&l->n), l->n.invalidated);
	printf("  %s\n", advice(&l->n));
	static const struct report_column column[] = { { 8, N_("offset") }, { 5, N_("core") },
		{ 9, N_("reads") }, { 9, N_("writes") }, { 10, N_("transfers") }, { 9, N_("false") },
		{ 9, N_("flips") } };
	REPORT_HEADS(column);
	printf("  %s\n", _("what"));
	for (uint32_t i = l->cells; i != MESI_END; i = r->mesi.cell[i].next) {
		const struct mesi_cell *c = &r->mesi.cell[i];
		words_of(r, l, c, words, sizeof words);
		printf("  %6u %4u %8" PRIu64 " %8" PRIu64 " %9" PRIu64 " %8" PRIu64 " %8" PRIu64 "  ",
			c->offset, c->core, c->n.reads, c->n.writes, c->n.transfers, mesi_false(&c->n),
			c->n.flips);
		report_clean(words);
		putchar('\n');
	}
}

static void print_text(struct sharing *r)
{
	size_t shown = 0;
	print_summary(r);
	for (; shown < r->n && shown < r->most; shown++)
		print_line(r, &r->mesi.line[r->order[shown]]);
	if (shown < r->n)
		printf(P_("\n%zu more line is used by several cores; --lines N shows more\n",
			       "\n%zu more lines are used by several cores; --lines N shows more\n",
			       r->n - shown),
			r->n - shown);
	if (r->n)
		puts(_("\nA model: MESI, caches without end, one operation after the other. A flip:\n"
		       "another core than before has the line Modified. False: until it lost the line\n"
		       "again, the core used no byte that others had changed."));
}

/* ---- for programs ---- */

static void report_counts(struct report *r, const struct mesi_counts *n)
{
	report_unsigned(r, "reads", n->reads);
	report_unsigned(r, "writes", n->writes);
	report_unsigned(r, "hits", n->hits);
	report_unsigned(r, "transfers", n->transfers);
	report_unsigned(r, "hitm", n->hitm);
	report_unsigned(r, "true", n->true_sharing);
	report_unsigned(r, "false", mesi_false(n));
	report_unsigned(r, "invalidated", n->invalidated);
	report_unsigned(r, "flips", n->flips);
}

/* A row for each offset and core of a line; CSV repeats the line's address. */
static void report_cells(struct sharing *r, struct report *to, const struct mesi_line *l)
{
	char words[LOCATION_TEXT];
	for (uint32_t i = l->cells; i != MESI_END; i = r->mesi.cell[i].next) {
		const struct mesi_cell *c = &r->mesi.cell[i];
		words_of(r, l, c, words, sizeof words);
		json_line(&to->json, 2);
		report_row(to);
		if (to->form == FORM_CSV)
			report_address(to, "line", l->addr);
		report_unsigned(to, "offset", c->offset);
		report_unsigned(to, "size", c->size);
		report_unsigned(to, "core", c->core);
		report_counts(to, &c->n);
		report_text(to, "what", words);
		report_row_end(to);
	}
}

static void report_line(struct sharing *r, struct report *to, const struct mesi_line *l)
{
	struct json *j = &to->json;
	json_line(j, 1);
	json_object(j);
	report_address(to, "address", l->addr);
	report_counts(to, &l->n);
	json_key_text(j, "sharing", verdict(&l->n));
	json_key_array(j, "offsets");
	report_cells(r, to, l);
	json_end(j);
	json_end(j);
}

static void print_json(struct sharing *r)
{
	struct report to = report_to(FORM_JSON);
	struct json *j = &to.json;
	json_object(j);
	json_key_text(j, "name", r->source->name);
	json_key_unsigned(j, "operations", r->source->ops);
	json_key_unsigned(j, "line", r->mesi.line_size);
	json_key_array(j, "cores");
	for (unsigned c = 0; c < CORES; c++)
		if (r->mesi.cores >> c & 1)
			json_unsigned(j, c);
	json_end(j);
	json_key_unsigned(j, "lines_used", r->mesi.lines);
	json_key_unsigned(j, "lines_shared", r->n);
	json_key_unsigned(j, "passed_over", r->mesi.passed);
	report_counts(&to, &r->mesi.n);
	json_key_array(j, "lines");
	for (size_t i = 0; i < r->n && i < r->most; i++)
		report_line(r, &to, &r->mesi.line[r->order[i]]);
	json_end(j);
	json_end(j);
	putchar('\n');
}

static void print_csv(struct sharing *r)
{
	struct report to = report_to(FORM_CSV);
	fputs("line,offset,size,core,reads,writes,hits,transfers,hitm,true,false,invalidated,flips,what\n",
		stdout);
	for (size_t i = 0; i < r->n && i < r->most; i++)
		report_cells(r, &to, &r->mesi.line[r->order[i]]);
}

/* ---- command ---- */

static int report(struct sharing *r, uint32_t line)
{
	int status = EXIT_DONE;
	mesi_init(&r->mesi, line, MESI_LINES, r->source);
	locator_init(&r->locator, r->source);
	player_init(&r->player, r->source);
	int failed = count_steps(r);
	if (!failed)
		sort_lines(r);
	if (failed)
		status = command_fail("sharing", "%s", r->source->error);
	else if (r->form == FORM_JSON)
		print_json(r);
	else if (r->form == FORM_CSV)
		print_csv(r);
	else
		print_text(r);
	free(r->order);
	player_release(&r->player);
	locator_release(&r->locator);
	mesi_release(&r->mesi);
	return status;
}

static int read_line(const char *command, const char *text, void *to)
{
	uint64_t *line = to;
	if (command_number(text, line) && line_size_known(*line))
		return -1;
	return command_usage(command, "\"%s\" is no size of a cache line (32, 64, 128, 256)", text);
}

int cmd_sharing(int argc, char **argv)
{
	struct sharing r = { .most = 10 };
	uint64_t line = LINE_USUAL;
	bool json = false, csv = false;
	const struct option_row rows[] = { OPTION_READ("line", read_line, &line),
		OPTION_COUNT("lines", &r.most, N_("\"%s\" is no number of lines")),
		OPTION_FLAG("json", &json), OPTION_FLAG("csv", &csv), { 0 } };
	int status = options_read("sharing", argc, argv, rows);
	if (status >= 0)
		return status;
	if (json && csv)
		return command_usage("sharing", "--json or --csv, not both");
	status = options_one_file("sharing", argc);
	if (status >= 0)
		return status;
	if (json || csv)
		command_for_programs();
	r.form = json ? FORM_JSON : csv ? FORM_CSV : FORM_TEXT;
	r.source = command_open("sharing", argv[optind]);
	if (!r.source)
		return EXIT_FAILED;
	status = report(&r, (uint32_t)line);
	r.source->close(r.source);
	int flushed = command_flush("sharing", stdout);
	return status ? status : flushed;
}
