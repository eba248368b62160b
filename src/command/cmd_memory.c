/* mapscope memory: where a map's bytes are, at a step or over time; the model is trace/heap/account.h. */
#include "src/command/command.h"
#include "src/command/options.h"
#include "src/command/report.h"

#include "trace/base/memory.h"
#include "trace/map/kind.h"
#include "trace/heap/account.h"
#include "trace/record/player.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MOST = 128 };

struct question {
	struct source *source;
	const struct map_info *only; /* NULL: all */
	uint64_t op, step, over;     /* 0: not asked for */
	const char *name;            /* --map */
	enum form form;
	struct player player;
	struct account *before;                          /* of each map, in the row before */
	const struct account_info *column[COLUMNS_MOST]; /* lines, of CSV */
	unsigned columns;
};

/* The account of all maps after a step.  NULL after saying what is wrong. */
static struct accounting *account_at(struct question *q, uint64_t step)
{
	if (player_seek(&q->player, step) != 0) {
		command_fail("memory", "%s", q->player.error);
		return NULL;
	}
	struct accounting *a = accounting_begin(q->player.image, q->source->map, q->source->maps, 0);
	accounting_at(a, &q->player);
	while (accounting_work(a, UINT64_MAX)) {
	}
	return a;
}

static bool is_shown(const struct question *q, unsigned map)
{
	/* a part is in the account of its map */
	return q->only ? q->only->map == map : !q->source->map[map - 1].part_of;
}

/* ---- text ---- */

static void print_line(const char *title, uint64_t bytes, const struct account *c, bool group)
{
	enum { BAR = 20 };
	double share = c->given ? (double)bytes / (double)c->given : 0;
	int bar = (int)(share * BAR + 0.5);
	fputs(group ? "" : "  ", stdout);
	report_cell(group ? -26 : -24, title);
	printf(" %12" PRIu64 " %5.1f %%", bytes, share * 100);
	if (c->entries)
		printf(" %9.1f", (double)bytes / (double)c->entries);
	else
		printf(" %9s", "-");
	printf("%s%.*s\n", bar && !group ? "  " : "", group ? 0 : bar, "####################");
}

static void print_account(const struct map_info *maps, unsigned number, const struct account *c)
{
	const struct map_info *info = &maps[number - 1],
			      *whole = info->part_of ? &maps[info->part_of - 1] : info;
	char type[MAP_TYPE];
	printf(_("map "));
	report_clean(info->name);
	map_kinds[whole->kind]->type(whole, type, sizeof type);
	printf("  %s  go%s\n", type, info->go);
	if (!c->blocks) {
		puts(_("  no memory\n"));
		return;
	}
	printf(P_("%" PRIu64 " entry; ", "%" PRIu64 " entries; ", c->entries), c->entries);
	printf(_("asked for %" PRIu64 " bytes, given %" PRIu64 ": %" PRIu64 " live, %" PRIu64 " dead"),
		c->asked, c->given, account_live(c), account_dead(c));
	if (c->stack)
		printf(_("; on a stack %" PRIu64), c->stack);
	printf("\n\n%26s", "");
	report_cell(13, _("bytes"));
	report_cell(8, _("of all"));
	report_cell(10, _("an entry"));
	putchar('\n');
	for (int g = 0; g < ACCOUNT_GROUPS; g++) {
		uint64_t sum = account_group_sum(c, (enum account_group)g);
		if (g == ACCOUNT_REST && !sum)
			continue;
		print_line(_(account_group_title[g]), sum, c, true);
		for (unsigned i = 0; i < c->table->rows; i++) {
			const struct account_row *r = &c->table->row[i];
			if (r->info->group == (enum account_group)g && c->line[r->line])
				print_line(_(r->info->title), c->line[r->line], c, false);
		}
	}
	print_line(_("given"), c->given, c, true);
	putchar('\n');
}

static void print_text(const struct question *q, const struct accounting *a, uint64_t op, uint64_t step)
{
	const struct account *rest = accounting_of(a, 0);
	report_clean(q->source->name);
	printf(_(": after operation %" PRIu64 ", step %" PRIu64 "\n\n"), op, step);
	for (unsigned m = 1; m <= q->source->maps; m++)
		if (is_shown(q, m))
			print_account(q->source->map, m, accounting_of(a, m));
	if (rest->given && !q->only)
		printf(_("of no map: %" PRIu64 " bytes given\n\n"), rest->given);
	puts(_("live: given without dead. dead: old buckets that have been evacuated, overflow buckets\n"
	       "without an entry, what only those point to, and garbage that waits for the collector."));
}

/* ---- JSON and CSV ---- */

/* Columns of CSV: the lines of all maps, each once. */
static void add_columns(struct question *q, const struct account_table *t)
{
	for (unsigned i = 0; i < t->rows; i++) {
		bool there = false;
		for (unsigned k = 0; k < q->columns; k++)
			there = there || q->column[k] == t->row[i].info;
		if (!there && q->columns < COLUMNS_MOST)
			q->column[q->columns++] = t->row[i].info;
	}
}

/* 0: the map has no such line. */
static uint64_t line_of(const struct account *c, const struct account_info *info)
{
	for (unsigned i = 0; i < c->table->rows; i++)
		if (c->table->row[i].info == info)
			return c->line[c->table->row[i].line];
	return 0;
}

/* JSON has the lines of the map's kind, CSV a column for each line of any. */
static void report_lines(const struct question *q, struct report *r, const struct account *c)
{
	for (unsigned i = 0; r->form == FORM_CSV && i < q->columns; i++)
		report_unsigned(r, q->column[i]->name, line_of(c, q->column[i]));
	for (unsigned i = 0; r->form == FORM_JSON && i < c->table->rows; i++)
		report_unsigned(r, c->table->row[i].info->name, c->line[c->table->row[i].line]);
}

/* What both forms have; info NULL: of no map. */
static void report_account(
	const struct question *q, struct report *r, const struct map_info *info, const struct account *c)
{
	if (info)
		report_text(r, "map", info->name);
	else
		report_none(r, "map");
	report_unsigned(r, "entries", c->entries);
	report_unsigned(r, "asked", c->asked);
	report_unsigned(r, "given", c->given);
	report_unsigned(r, "live", account_live(c));
	report_unsigned(r, "dead", account_dead(c));
	report_unsigned(r, "stack", c->stack);
	report_unsigned(r, "blocks", c->blocks);
	if (c->entries)
		report_fixed(r, "per_entry", account_per_entry(c), 3);
	else
		report_none(r, "per_entry");
	report_group(r, "lines");
	report_lines(q, r, c);
	report_group_end(r);
}

static void print_json(const struct question *q, const struct accounting *a, uint64_t op, uint64_t step)
{
	struct report r = report_to(FORM_JSON);
	json_object(&r.json);
	json_key_unsigned(&r.json, "op", op);
	json_key_unsigned(&r.json, "step", step);
	json_key_array(&r.json, "maps");
	for (unsigned m = q->only ? 1 : 0; m <= q->source->maps; m++)
		if (m == 0 || is_shown(q, m)) {
			json_line(&r.json, 1);
			report_row(&r);
			report_account(q, &r, m ? &q->source->map[m - 1] : NULL, accounting_of(a, m));
			report_row_end(&r);
		}
	json_end(&r.json);
	json_end(&r.json);
	putchar('\n');
}

/* ---- over time ---- */

static void print_over_head(const struct question *q, struct report *r)
{
	static const struct report_column column[] = { { 10, N_("op") }, { 1, " " }, { -12, N_("map") },
		{ 11, N_("entries") }, { 13, N_("given") }, { 13, N_("live") }, { 13, N_("dead") },
		{ 10, N_("an entry") }, { 13, N_("change") } };
	if (q->form == FORM_JSON) {
		json_array(&r->json);
		return;
	}
	if (q->form == FORM_CSV) {
		fputs("op,step,map,entries,asked,given,live,dead,stack,blocks,per_entry", stdout);
		for (unsigned i = 0; i < q->columns; i++)
			printf(",%s", q->column[i]->name);
	} else {
		REPORT_HEADS(column);
	}
	putchar('\n');
}

static void print_over_text(
	const struct question *q, const struct map_info *info, const struct account *c, uint64_t op)
{
	int w = 12 - (int)strlen(info->name);
	printf("%10" PRIu64 " ", op);
	report_clean(info->name);
	printf("%*s %10" PRIu64 " %12" PRIu64 " %12" PRIu64 " %12" PRIu64 " ", w > 0 ? w : 0, "", c->entries,
		c->given, account_live(c), account_dead(c));
	if (c->entries)
		printf("%9.1f", account_per_entry(c));
	else
		printf("%9s", "-");
	printf(" %+12" PRId64 "\n", (int64_t)(c->given - q->before[info->map].given));
}

static void print_over_row(struct question *q, struct report *r, const struct map_info *info,
	const struct account *c, uint64_t op, uint64_t step)
{
	if (q->form == FORM_TEXT) {
		print_over_text(q, info, c, op);
	} else {
		json_line(&r->json, 1);
		report_row(r);
		report_unsigned(r, "op", op);
		report_unsigned(r, "step", step);
		report_account(q, r, info, c);
		report_row_end(r);
	}
	q->before[info->map] = *c;
}

/* Rows after operations over, 2 * over, ... and the last; a map's rows begin when it has memory. */
static int report_over(struct question *q)
{
	struct source *s = q->source;
	struct progress progress = progress_begin("memory", N_("operations"));
	struct report r = report_to(q->form);
	int status = EXIT_DONE;
	q->before = memory_array(s->maps + 1u, sizeof *q->before);
	for (unsigned m = 1; m <= s->maps; m++)
		if (is_shown(q, m))
			add_columns(q, map_kinds[s->map[m - 1].kind]->account);
	if (!s->maps)
		add_columns(q, map_kinds[0]->account);
	print_over_head(q, &r);
	for (uint64_t op = q->over < s->ops ? q->over : s->ops; op >= 1 && status == EXIT_DONE;) {
		struct operation o;
		uint64_t last;
		if (command_operation_steps(s, op, &o, &last) != 0) {
			status = command_fail("memory", "%s", s->error);
			break;
		}
		struct accounting *a = account_at(q, last);
		if (!a) {
			status = EXIT_FAILED;
			break;
		}
		for (unsigned m = 1; m <= s->maps; m++)
			if (is_shown(q, m) && accounting_of(a, m)->blocks)
				print_over_row(q, &r, &s->map[m - 1], accounting_of(a, m), op, last);
		accounting_free(a);
		progress_draw(&progress, op, s->ops);
		if (op == s->ops)
			break;
		op = s->ops - op > q->over ? op + q->over : s->ops;
	}
	progress_end(&progress);
	if (q->form == FORM_JSON) {
		json_line(&r.json, 0);
		json_end(&r.json);
		putchar('\n');
	}
	free(q->before);
	return status;
}

/* ---- command ---- */

static int report_at(struct question *q)
{
	struct source *s = q->source;
	struct operation o;
	uint64_t step = q->step ? q->step : s->steps, op = q->op;
	if (op && command_operation_steps(s, op, &o, &step) != 0)
		return command_fail("memory", "%s", s->error);
	if (!op && step && s->operation_at(s, step, &op) != 0)
		return command_fail("memory", "%s", s->error);
	struct accounting *a = account_at(q, step);
	if (!a)
		return EXIT_FAILED;
	if (q->form == FORM_JSON)
		print_json(q, a, op, step);
	else
		print_text(q, a, op, step);
	accounting_free(a);
	return EXIT_DONE;
}

static int report(struct question *q)
{
	struct source *s = q->source;
	for (unsigned i = s->maps; q->name && !q->only && i-- > 0;)
		if (strcmp(s->map[i].name, q->name) == 0)
			q->only = &s->map[i];
	if (q->name && !q->only)
		return command_fail("memory", "there is no map \"%s\"", q->name);
	if (q->op > s->ops)
		return command_fail(
			"memory", "there is no operation %" PRIu64 ", the last is %" PRIu64, q->op, s->ops);
	if (q->step > s->steps)
		return command_fail(
			"memory", "there is no step %" PRIu64 ", the last is %" PRIu64, q->step, s->steps);
	player_init(&q->player, s);
	int status = q->over ? report_over(q) : report_at(q);
	player_release(&q->player);
	return status;
}

int cmd_memory(int argc, char **argv)
{
	struct question q = { 0 };
	bool json = false, csv = false;
	const struct option_row rows[] = { OPTION_COUNT(
						   "op", &q.op, N_("\"%s\" is no number of an operation")),
		OPTION_COUNT("step", &q.step, N_("\"%s\" is no number of a step")),
		OPTION_COUNT("over", &q.over, N_("\"%s\" is no number of operations")),
		OPTION_TEXT("map", &q.name), OPTION_FLAG("json", &json), OPTION_FLAG("csv", &csv), { 0 } };
	int status = options_read("memory", argc, argv, rows);
	if (status >= 0)
		return status;
	if (!!q.op + !!q.step + !!q.over > 1)
		return command_usage("memory", "one of --op, --step and --over");
	if (csv && (json || !q.over))
		return command_usage("memory", json ? "--json or --csv, not both" : "--csv goes with --over");
	status = options_one_file("memory", argc);
	if (status >= 0)
		return status;
	q.form = json ? FORM_JSON : csv ? FORM_CSV : FORM_TEXT;
	q.source = command_open("memory", argv[optind]);
	if (!q.source)
		return EXIT_FAILED;
	status = report(&q);
	q.source->close(q.source);
	int flushed = command_flush("memory", stdout);
	return status ? status : flushed;
}
