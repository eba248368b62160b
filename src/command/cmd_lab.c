/* mapscope lab: runs a lab of labs.def and prints what it left as text, JSON or CSV. */
#include "src/command/command.h"
#include "src/command/options.h"
#include "src/command/report.h"
#include "src/lab/lab.h"

#include "trace/base/escape.h"
#include "trace/base/memory.h"
#include "ui/panel/plot.h"
#include "ui/grid/text.h"

#include <getopt.h>
#include <inttypes.h>
#include <langinfo.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static volatile int interrupted;

static void on_signal(int signal_number)
{
	interrupted = signal_number;
}

struct style {
	bool json, csv, ascii;
	const char *table;
	int width;
};

/* ---- progress ---- */

static struct progress progress;

/* Called by the lab. */
static void draw_progress(struct lab *l)
{
	progress.name = l->info->name;
	progress.unit = l->unit;
	progress.began = l->started;
	progress_draw(&progress, l->done, l->total);
}

/* ---- text ---- */

static void cell_text(const struct lab_table *t, size_t row, int column, char *out, size_t cap)
{
	const struct lab_value *v = &t->value[row * (size_t)t->columns + (size_t)column];
	if (t->column[column].decimals < 0)
		snprintf(out, cap, "%s", v->word ? v->word : "");
	else if (isnan(v->number))
		snprintf(out, cap, "-");
	else
		snprintf(out, cap, "%.*f", t->column[column].decimals, v->number);
}

/* Text as the terminal can show it. */
static void print_words(const struct style *f, const char *text)
{
	escape_print_text(stdout, f->ascii ? ESCAPE_ASCII : ESCAPE_TEXT, text);
}

static void print_padded(const struct style *f, const char *text, int width, bool left)
{
	char plain[2048];
	escape_copy_text(plain, sizeof plain, f->ascii ? ESCAPE_ASCII : ESCAPE_TEXT, text);
	text = plain;
	int pad = width - text_width(text);
	printf("%*s%s%*s", left || pad < 0 ? 0 : pad, "", text, left && pad > 0 ? pad : 0, "");
}

/* Wrapped, each line after the first with an indent. */
static void print_wrapped(const struct style *f, const char *text, const char *first, int indent)
{
	fputs(first, stdout);
	while (*text) {
		const char *next;
		size_t n = text_wrap(text, f->width - indent, &next);
		char line[2048];
		snprintf(line, sizeof line, "%.*s", (int)n, text);
		print_words(f, line);
		putchar('\n');
		text = next;
		if (*text)
			printf("%*s", indent, "");
	}
}

static int column_width(const struct lab_table *t, int column)
{
	char text[512];
	int w = text_width(_(t->column[column].name));
	int unit = text_width(t->column[column].unit);
	w = unit > w ? unit : w;
	for (size_t r = 0; r < t->rows; r++) {
		cell_text(t, r, column, text, sizeof text);
		int n = text_width(text);
		w = n > w ? n : w;
	}
	return w;
}

/* The columns from..to-1, with the first one before them as what the rows are about. */
static void print_columns(
	const struct style *f, const struct lab_table *t, const int *width, int from, int to)
{
	bool units = false;
	for (int c = 0; c < t->columns; c++)
		units = units || *t->column[c].unit;
	for (int line = units ? -2 : -1; line < (int)t->rows; line++) {
		for (int c = from > 0 ? 0 : from; c < to; c = c == 0 && from > 1 ? from : c + 1) {
			char text[512];
			if (line == -1 && units)
				snprintf(text, sizeof text, "%s", t->column[c].unit);
			else if (line < 0)
				snprintf(text, sizeof text, "%s", _(t->column[c].name));
			else
				cell_text(t, (size_t)line, c, text, sizeof text);
			fputs("  ", stdout);
			bool last = c == to - 1, left = t->column[c].decimals < 0;
			print_padded(f, text, last && left ? 0 : width[c], left);
		}
		putchar('\n');
	}
}

/* Long words: a paragraph a row. */
static void print_paragraphs(const struct style *f, const struct lab_table *t)
{
	int names = 0;
	for (int c = 0; c < t->columns; c++) {
		int n = text_width(_(t->column[c].name));
		names = n > names ? n : names;
	}
	for (size_t r = 0; r < t->rows; r++) {
		putchar('\n');
		for (int c = 0; c < t->columns; c++) {
			char text[512], name[64];
			cell_text(t, r, c, text, sizeof text);
			snprintf(name, sizeof name, "  %s%*s  ", _(t->column[c].name),
				names - text_width(_(t->column[c].name)), "");
			print_wrapped(f, text, name, names + 4);
			if (!*text)
				putchar('\n');
		}
	}
}

/* A table that is too wide goes on below itself. */
static void print_table(const struct style *f, const struct lab_table *t)
{
	enum { LONG = 40 };
	int width[LAB_COLUMNS], longest = 0;
	for (int c = 0; c < t->columns; c++) {
		width[c] = column_width(t, c);
		longest = width[c] > longest ? width[c] : longest;
	}
	putchar('\n');
	print_wrapped(f, t->title, "", 0);
	if (t->rows > LAB_MANY) {
		printf(_("  (%zu rows: --csv --table %s)\n"), t->rows, t->name);
		return;
	}
	if (longest > LONG) {
		print_paragraphs(f, t);
		return;
	}
	for (int from = 0, to; from < t->columns; from = to) {
		int used = from > 0 ? width[0] + 2 : 0;
		for (to = from; to < t->columns && (to == from || used + width[to] + 2 <= f->width); to++)
			used += width[to] + 2;
		if (from > 0)
			putchar('\n');
		print_columns(f, t, width, from, to);
	}
}

static void print_plot(const struct style *f, const struct lab_table *t)
{
	enum { ROWS = 10 };
	if (t->plot_y < 0 || t->rows < 2)
		return;
	double *value = memory_array(t->rows * 2, sizeof *value);
	char(*text)[LAB_WORD_MAX] = memory_array(t->rows, sizeof *text);
	const char **label = memory_array(t->rows, sizeof *label);
	for (size_t r = 0; r < t->rows; r++) {
		const struct lab_value *row = &t->value[r * (size_t)t->columns];
		value[r] = row[t->plot_y].number;
		if (t->plot_theory >= 0)
			value[t->rows + r] = row[t->plot_theory].number;
		cell_text(t, r, t->plot_x, text[r], sizeof text[r]);
		label[r] = text[r];
	}
	char title[256];
	const struct lab_column *y = &t->column[t->plot_y];
	snprintf(title, sizeof title, t->plot_theory >= 0 ? _("%s%s%s by %s; ━ theory") : _("%s%s%s by %s"),
		_(y->name), *y->unit ? ", " : "", y->unit, _(t->column[t->plot_x].name));
	struct plot p = { .title = title,
		.label = label,
		.value = value,
		.theory = t->plot_theory >= 0 ? value + t->rows : NULL,
		.n = t->rows,
		.bar = S_KEY,
		.mark = S_TOP };
	struct grid g;
	grid_init(&g, f->width, ROWS + 2, f->ascii);
	plot_draw(&g, grid_rect(&g), &p);
	putchar('\n');
	grid_print(&g, stdout);
	grid_release(&g);
	free(value);
	free(text);
	free(label);
}

static void print_check(const struct style *f, const struct lab_check *c)
{
	char text[512], more[64] = "";
	if (c->times > 1)
		snprintf(more, sizeof more, _(", the worst of %u"), c->times);
	int decimals = c->off == 0 || c->off >= 10 ? 0
		: c->off >= 1                      ? 1
		: c->off >= 0.1                    ? 2
						   : 3; /* two digits */
	if (c->chi_square)
		snprintf(text, sizeof text,
			_("%s%s%s: chi-square %.1f with %.0f degrees of freedom; by chance as large with "
			  "probability %.3g%s: %s"),
			c->name, *c->where ? ", " : "", c->where, c->measured, c->theory, c->off, more,
			c->agrees ? _("agrees") : _("DOES NOT AGREE"));
	else
		snprintf(text, sizeof text,
			_("%s%s%s: measured %.5g, theory %.5g, off by %.*f %% (%g %% is allowed)%s: %s"),
			c->name, *c->where ? ", " : "", c->where, c->measured, c->theory, decimals, c->off,
			c->tolerance, more, c->agrees ? _("agrees") : _("DOES NOT AGREE"));
	print_wrapped(f, text, "  ", 4);
}

static void print_text(const struct lab *l, const struct style *f)
{
	print_wrapped(f, _(l->info->title), "", 0);
	print_wrapped(f, _(l->info->sentence), "", 0);
	printf("go%s, --seed %" PRIu64 "\n", l->release->name, l->seed);
	for (int i = 0; i < l->tables; i++) {
		print_table(f, &l->table[i]);
		print_plot(f, &l->table[i]);
	}
	if (l->checks)
		printf("\n%s\n", _("Against theory"));
	for (int i = 0; i < l->checks; i++)
		print_check(f, &l->check[i]);
	if (l->sentences)
		printf("\n%s\n", _("What to conclude"));
	for (int i = 0; i < l->sentences; i++)
		print_wrapped(f, l->sentence[i], "  ", 2);
}

/* ---- JSON, CSV ---- */

/* The rows of a table, JSON or CSV. */
static void report_rows(struct report *r, const struct lab_table *t)
{
	for (size_t row = 0; row < t->rows; row++) {
		if (row)
			json_line(&r->json, 1);
		report_row(r);
		for (int c = 0; c < t->columns; c++) {
			const struct lab_value *v = &t->value[row * (size_t)t->columns + (size_t)c];
			if (t->column[c].decimals < 0)
				report_text(r, t->column[c].name, v->word ? v->word : "");
			else
				report_number(r, t->column[c].name, v->number);
		}
		report_row_end(r);
	}
}

static void report_check(struct report *r, const struct lab_check *c)
{
	report_row(r);
	report_text(r, "name", c->name);
	report_text(r, "where", c->where);
	report_text(r, "test", c->chi_square ? "chi-square" : "relative");
	report_number(r, "measured", c->measured);
	report_number(r, c->chi_square ? "degrees" : "theory", c->theory);
	report_number(r, c->chi_square ? "probability" : "off_percent", c->off);
	report_number(r, "tolerance", c->tolerance);
	report_unsigned(r, "times", c->times);
	report_bool(r, "agrees", c->agrees);
	report_row_end(r);
}

static void report_table(struct report *r, const char *name, const struct lab_table *t)
{
	json_key_array(&r->json, name);
	report_rows(r, t);
	json_end(&r->json);
}

/* The first table is what the rows are; the others have their names. */
static void report_tables(struct report *r, const struct lab *l)
{
	static const struct lab_table none = { 0 };
	json_line(&r->json, 0);
	report_table(r, "rows", l->tables ? &l->table[0] : &none);
	json_line(&r->json, 0);
	report_group(r, "tables");
	for (int i = 1; i < l->tables; i++) {
		if (i > 1)
			json_line(&r->json, 0);
		report_table(r, l->table[i].name, &l->table[i]);
	}
	report_group_end(r);
}

static void report_sentences(struct report *r, const struct lab *l)
{
	json_line(&r->json, 0);
	json_key_array(&r->json, "checks");
	for (int i = 0; i < l->checks; i++) {
		if (i)
			json_line(&r->json, 1);
		report_check(r, &l->check[i]);
	}
	json_end(&r->json);
	json_line(&r->json, 0);
	json_key_array(&r->json, "conclusions");
	for (int i = 0; i < l->sentences; i++) {
		if (i)
			json_line(&r->json, 1);
		json_text(&r->json, l->sentence[i]);
	}
	json_end(&r->json);
}

static void print_json(const struct lab *l)
{
	struct report r = report_to(FORM_JSON);
	report_row(&r);
	report_text(&r, "lab", l->info->name);
	report_text(&r, "go", l->release->name);
	report_unsigned(&r, "seed", l->seed);
	report_tables(&r, l);
	report_sentences(&r, l);
	json_line(&r.json, 0);
	report_bool(&r, "agrees", lab_agrees(l));
	report_row_end(&r);
	putchar('\n');
}

static void print_csv(const struct lab_table *t)
{
	const char *name[LAB_COLUMNS];
	struct report r = report_to(FORM_CSV);
	r.strict = true;
	for (int c = 0; c < t->columns; c++)
		name[c] = t->column[c].name;
	report_head(&r, name, (size_t)t->columns);
	report_rows(&r, t);
}

/* ---- command ---- */

static const struct lab_table *find_table(const struct lab *l, const char *name)
{
	for (int i = 0; i < l->tables; i++)
		if (!name || strcmp(l->table[i].name, name) == 0)
			return &l->table[i];
	return NULL;
}

static int print(const struct lab *l, const struct style *f)
{
	const struct lab_table *t = find_table(l, f->table);
	if (f->csv && !t) {
		char names[512] = "";
		for (int i = 0; i < l->tables; i++)
			snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", i ? ", " : "",
				l->table[i].name);
		return command_fail("lab", "%s has no table \"%s\"; it has %s", l->info->name,
			f->table ? f->table : "", names);
	}
	if (f->json)
		print_json(l);
	else if (f->csv)
		print_csv(t);
	else
		print_text(l, f);
	return command_flush("lab", stdout);
}

static int run(struct lab *l, const struct style *f)
{
	struct sigaction act = { .sa_handler = on_signal };
	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
	l->interrupt = &interrupted;
	l->started = lab_seconds();
	progress = progress_begin(l->info->name, l->unit);
	l->progress = draw_progress;
	bool done = l->info->run(l);
	progress_end(&progress);
	if (!done && *l->error)
		return command_fail("lab", "%s: %s", l->info->name, l->error);
	if (!done)
		return command_fail("lab", "%s was stopped; half of it would say nothing", l->info->name);
	return print(l, f);
}

/* mapscope lab NAME --help */
static int help_lab(const struct lab_info *info)
{
	if (!info)
		return command_help("lab");
	printf(_("Usage: mapscope lab %s [OPTION]...%s\n"), info->name,
		info->options & LAB_TAKES_FILE ? " [TRACE|WORKLOAD]" : "");
	struct style f = { .width = 79 };
	print_wrapped(&f, _(info->title), "", 0);
	print_wrapped(&f, _(info->sentence), "", 0);
	fputs(_("\nBesides the options of every lab (mapscope lab --help):\n"), stdout);
	if (info->options & LAB_TAKES_GO)
		fputs(_("      --go RELEASE   1.18 to 1.23 (default: 1.23)\n"), stdout);
	for (int i = 0; i < LAB_OPTIONS; i++) {
		const struct lab_option_info *o = &lab_option_info[i];
		char name[64];
		snprintf(name, sizeof name, "--%s %s", o->name, o->argument);
		if (info->options & UINT32_C(1) << i)
			printf(_("      %-14s %s (%" PRIu64 " to %" PRIu64 ")\n"), name, _(o->sentence),
				o->least, o->most);
	}
	return command_flush("lab", stdout);
}

static int terminal_width(void)
{
	struct winsize size;
	if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
		return size.ws_col > 160 ? 160 : size.ws_col;
	return 80;
}

static int unknown_lab(const char *name)
{
	const char *near = script_nearest(name, &lab_infos[0].name, sizeof lab_infos[0]);
	if (near)
		return command_usage("lab", "\"%s\" is no lab; did you mean %s?", name, near);
	return command_usage("lab", "\"%s\" is no lab; mapscope lab --list names them", name);
}

/* What is asked, once the options are read: every option must be one that the lab takes. */
static int check_taken(const struct lab *l, int files)
{
	const struct lab_info *i = l->info;
	if (l->release_given && !(i->options & LAB_TAKES_GO))
		return command_usage("lab", "%s takes no --go", i->name);
	for (int o = 0; o < LAB_OPTIONS; o++)
		if (l->given[o] && !(i->options & UINT32_C(1) << o))
			return command_usage("lab", "%s takes no --%s", i->name, lab_option_info[o].name);
	if (files > 1 || (files && !(i->options & LAB_TAKES_FILE)))
		return command_usage("lab", files > 1 ? "one file at a time" : "%s takes no file", i->name);
	return EXIT_DONE;
}

/* What the options of a lab are read into. */
struct lab_number {
	struct lab *lab;
	int option;
};

static int read_number(const char *command, const char *text, void *to)
{
	struct lab_number *n = to;
	const struct lab_option_info *o = &lab_option_info[n->option];
	uint64_t *v = &n->lab->option[n->option];
	if (!command_number(text, v) || *v < o->least || *v > o->most)
		return command_usage(command,
			"\"%s\": --%s takes a whole number from %" PRIu64 " to %" PRIu64, text, o->name,
			o->least, o->most);
	n->lab->given[n->option] = true;
	return -1;
}

static int read_seed(const char *command, const char *text, void *to)
{
	struct lab *l = to;
	if (!command_number(text, &l->seed))
		return command_usage(command, "\"%s\" is no seed (a whole number from 0)", text);
	l->random = l->seed;
	return -1;
}

static int read_release(const char *command, const char *text, void *to)
{
	struct lab *l = to;
	l->release = release_find(text);
	l->release_given = true;
	return l->release ? -1 : command_usage(command, "Go %s is unknown; 1.18 to 1.23 are known", text);
}

static int list(const char *command, const char *none, void *to)
{
	(void)none, (void)to;
	for (const struct lab_info *i = lab_infos; i->name; i++)
		printf("%-16s %s\n", i->name, _(i->title));
	return command_flush(command, stdout);
}

int cmd_lab(int argc, char **argv)
{
	struct style f = { .width = terminal_width(), .ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0 };
	struct lab l;
	struct lab_number number[LAB_OPTIONS];
	bool help = false;
	const struct option_row rows[] = { OPTION_READ("seed", read_seed, &l),
		OPTION_READ("go", read_release, &l), OPTION_FLAG("json", &f.json), OPTION_FLAG("csv", &f.csv),
		OPTION_TEXT("table", &f.table), OPTION_FLAG("ascii", &f.ascii),
		OPTION_ACTION("list", list, NULL), OPTION_FLAG("help", &help),
#define LAB_OPTION(NAME, name, argument, least, most, sentence) \
	OPTION_READ(name, read_number, &number[LAB_##NAME]),
#define LAB(name, function, options, title, sentence)
#include "src/lab/labs.def"
#undef LAB_OPTION
#undef LAB
		{ 0 } };
	lab_init(&l, NULL, 1);
	for (int i = 0; i < LAB_OPTIONS; i++)
		number[i] = (struct lab_number){ &l, i };
	int status = options_read("lab", argc, argv, rows);
	if (status >= 0)
		return status;
	const char *name = optind < argc ? argv[optind] : NULL;
	if (!name)
		return help ? command_help("lab")
			    : command_usage("lab", "which lab? mapscope lab --list names them");
	if (!(l.info = lab_find(name)))
		return unknown_lab(name);
	if (help)
		return help_lab(l.info);
	if ((status = check_taken(&l, argc - optind - 1)) != EXIT_DONE)
		return status;
	if (f.json && f.csv)
		return command_usage("lab", "--json or --csv, not both");
	if (f.table && !f.csv)
		return command_usage("lab", "--table goes with --csv");
	if (f.json || f.csv)
		command_for_programs(); /* its words are made while it runs */
	if (optind + 1 < argc) {
		l.file = argv[optind + 1];
		if (!(l.source = command_open("lab", l.file)))
			return EXIT_FAILED;
	}
	status = run(&l, &f);
	lab_release(&l);
	if (l.source)
		l.source->close(l.source);
	return status;
}
