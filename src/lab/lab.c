/* What labs are made of: tables, checks, progress, theory; see lab.h. */
#include "src/lab/lab.h"
#include "trace/base/grown.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

const struct lab_option_info lab_option_info[LAB_OPTIONS] = {
#define LAB_OPTION(NAME, name, argument, least, most, sentence) { name, argument, least, most, sentence },
#define LAB(name, function, options, title, sentence)
#include "src/lab/labs.def"
#undef LAB_OPTION
#undef LAB
};

const struct lab_info lab_infos[] = {
#define LAB_OPTION(NAME, name, argument, least, most, sentence)
#define TAKES(NAME) (UINT32_C(1) << LAB_##NAME)
#define GO LAB_TAKES_GO
#define FILE_TOO LAB_TAKES_FILE
#define LAB(name, function, options, title, sentence) { name, function, options, title, sentence },
#include "src/lab/labs.def"
#undef LAB_OPTION
#undef LAB
	{ 0 },
};

const struct lab_info *lab_find(const char *name)
{
	for (const struct lab_info *i = lab_infos; i->name; i++)
		if (strcmp(i->name, name) == 0)
			return i;
	return NULL;
}

void lab_init(struct lab *l, const struct lab_info *info, uint64_t seed)
{
	*l = (struct lab){
		.info = info, .seed = seed, .random = seed, .release = release_default(), .unit = ""
	};
}

void lab_release(struct lab *l)
{
	for (int i = 0; i < l->tables; i++) {
		struct lab_table *t = &l->table[i];
		for (size_t v = 0; v < t->rows * (size_t)t->columns; v++)
			free(t->value[v].word);
		free(t->value);
	}
	for (int i = 0; i < l->sentences; i++)
		free(l->sentence[i]);
}

uint64_t lab_option(const struct lab *l, enum lab_option o, uint64_t otherwise)
{
	return l->given[o] ? l->option[o] : otherwise;
}

bool lab_fail(struct lab *l, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	vsnprintf(l->error, sizeof l->error, format, ap);
	va_end(ap);
	return false;
}

/* ---- results ---- */

struct lab_table *lab_table(struct lab *l, const char *name, const char *title)
{
	assert(l->tables < LAB_TABLES);
	struct lab_table *t = &l->table[l->tables++];
	*t = (struct lab_table){
		.name = name, .title = title, .plot_x = -1, .plot_y = -1, .plot_theory = -1
	};
	return t;
}

void lab_column(struct lab_table *t, const char *name, const char *unit, int decimals)
{
	assert(t->columns < LAB_COLUMNS && !t->rows);
	struct lab_column *c = &t->column[t->columns++];
	snprintf(c->name, sizeof c->name, "%s", name);
	c->unit = unit;
	c->decimals = decimals;
}

void lab_row(struct lab_table *t)
{
	size_t columns = (size_t)t->columns;
	t->value = grown(t->value, &t->cap, (t->rows + 1) * columns - 1, sizeof *t->value);
	for (size_t i = t->rows * columns; i < (t->rows + 1) * columns; i++)
		t->value[i] = (struct lab_value){ .number = NAN };
	t->rows++;
	t->filled = 0;
}

static struct lab_value *next_value(struct lab_table *t)
{
	assert(t->filled < (size_t)t->columns);
	return &t->value[(t->rows - 1) * (size_t)t->columns + t->filled++];
}

void lab_number(struct lab_table *t, double v)
{
	next_value(t)->number = v;
}

void lab_word(struct lab_table *t, const char *format, ...)
{
	char text[512];
	va_list ap;
	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	next_value(t)->word = memory_text(text);
}

static int column_of(const struct lab_table *t, const char *name)
{
	for (int i = 0; name && i < t->columns; i++)
		if (strcmp(t->column[i].name, name) == 0)
			return i;
	return -1;
}

void lab_plot(struct lab_table *t, const char *x, const char *y, const char *theory)
{
	t->plot_x = column_of(t, x);
	t->plot_y = column_of(t, y);
	t->plot_theory = column_of(t, theory);
}

double lab_value(const struct lab_table *t, size_t row, const char *column)
{
	int i = column_of(t, column);
	assert(i >= 0 && row < t->rows);
	return t->column[i].decimals < 0 ? 0 : t->value[row * (size_t)t->columns + (size_t)i].number;
}

/* The check of a name; one that is new has no times yet. */
static struct lab_check *check_of(struct lab *l, const char *name)
{
	for (int i = 0; i < l->checks; i++)
		if (strcmp(l->check[i].name, name) == 0)
			return &l->check[i];
	assert(l->checks < LAB_CHECKS);
	l->check[l->checks] = (struct lab_check){ .name = name, .agrees = true };
	return &l->check[l->checks++];
}

static bool keep_worst(struct lab_check *c, const struct lab_check *now, bool worse, const char *where)
{
	unsigned times = c->times + 1;
	bool agrees = c->agrees && now->agrees;
	if (times == 1 || (c->agrees && !now->agrees) || (worse && c->agrees == now->agrees)) {
		*c = *now;
		snprintf(c->where, sizeof c->where, "%s", where);
	}
	c->times = times;
	c->agrees = agrees;
	return now->agrees;
}

bool lab_check(
	struct lab *l, const char *name, const char *where, double measured, double theory, double tolerance)
{
	struct lab_check *c = check_of(l, name);
	double off = theory != 0     ? fabs(measured - theory) / fabs(theory) * 100
		: measured == theory ? 0
				     : INFINITY;
	struct lab_check now = { .name = c->name,
		.measured = measured,
		.theory = theory,
		.tolerance = tolerance,
		.off = off,
		.agrees = off <= tolerance };
	return keep_worst(c, &now, off > c->off, where);
}

bool lab_chi_square(struct lab *l, const char *name, const char *where, const double *counted,
	const double *expected, int n, int estimated)
{
	struct lab_check *c = check_of(l, name);
	struct lab_check now = { .name = c->name, .tolerance = 0.001, .chi_square = true };
	now.measured = theory_chi_square(counted, expected, n, estimated, &now.theory);
	now.off = now.theory > 0 ? theory_chi_square_tail(now.measured, now.theory) : 1;
	now.agrees = now.off >= now.tolerance;
	return keep_worst(c, &now, now.off < c->off, where);
}

bool lab_agrees(const struct lab *l)
{
	for (int i = 0; i < l->checks; i++)
		if (!l->check[i].agrees)
			return false;
	return true;
}

void lab_conclude(struct lab *l, const char *format, ...)
{
	char text[1024];
	va_list ap;
	assert(l->sentences < LAB_SENTENCES);
	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	l->sentence[l->sentences++] = memory_text(text);
}

/* ---- work ---- */

double lab_seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void lab_work(struct lab *l, uint64_t total, const char *unit)
{
	l->total = total;
	l->done = 0;
	l->unit = unit;
	l->started = lab_seconds();
}

bool lab_tick(struct lab *l, uint64_t units)
{
	l->done += units;
	if (l->progress)
		l->progress(l);
	return !(l->interrupt && *l->interrupt);
}
