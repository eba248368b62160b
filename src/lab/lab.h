/* Labs: experiments on maps, each with its numbers, a plot, its theory beside it and what to conclude.
 *
 * A lab is a function of labs.def that runs maps and fills a struct lab: tables, checks of what was measured
 * against theory, sentences.  It prints nothing: cmd_lab.c makes text, JSON and CSV of what it left.  An
 * example:
 *
 *     bool lab_dice(struct lab *l)
 *     {
 *             struct lab_table *t = lab_table(l, "faces", _("How often each face comes"));
 *             lab_column(t, "face", "", 0);
 *             lab_column(t, "times", _("%"), 2);
 *             lab_column(t, "theory", _("%"), 2);
 *             lab_plot(t, "face", "times", "theory");
 *             lab_work(l, 6, N_("throws"));
 *             for (int i = 1; i <= 6; i++) {
 *                     ... l->random is a stream of --seed ...
 *                     lab_row(t);
 *                     lab_number(t, i);
 *                     lab_number(t, measured);
 *                     lab_number(t, 100 / 6.0);
 *                     lab_check(l, _("share of a face"), name, measured, 100 / 6.0, 2);
 *                     if (!lab_tick(l, 1))
 *                             return false;
 *             }
 *             lab_conclude(l, _("The die is %s."), lab_agrees(l) ? _("fair") : _("loaded"));
 *             return true;
 *     }
 *
 * Every number in a sentence is one that was measured: sentences are made from variables.
 */
#ifndef SRC_LAB_H
#define SRC_LAB_H

#include "trace/record/source.h"
#include "trace/base/theory.h"
#include "trace/base/translate.h"
#include "trace/go/release.h"

#include <stdbool.h>
#include <stdint.h>

/* Options of labs.def; every lab has --seed too. */
enum lab_option {
#define LAB_OPTION(NAME, name, argument, least, most, sentence) LAB_##NAME,
#define LAB(name, function, options, title, sentence)
#include "src/lab/labs.def"
#undef LAB_OPTION
#undef LAB
	LAB_OPTIONS
};
struct lab_option_info {
	const char *name, *argument;
	uint64_t least, most;
	const char *sentence;
};
extern const struct lab_option_info lab_option_info[LAB_OPTIONS];

enum {
	LAB_TABLES = 6,
	LAB_COLUMNS = 14,
	LAB_CHECKS = 24,
	LAB_SENTENCES = 24,
	LAB_MANY = 64,
	LAB_WORD_MAX = 96
};

struct lab_value {
	double number;
	char *word;
}; /* word: of a column of words; owned */
struct lab_column {
	char name[32];
	const char *unit;
	int decimals; /* -1: words */
};
/* The first table of a lab is what --json calls rows.  One of more than LAB_MANY rows is only plotted in the
 * text. */
struct lab_table {
	const char *name;  /* for programs */
	const char *title; /* for people */
	struct lab_column column[LAB_COLUMNS];
	int columns;
	struct lab_value *value;         /* row by row */
	size_t rows, filled, cap;        /* filled: values of the last row */
	int plot_x, plot_y, plot_theory; /* columns, -1: none */
};
/* What was measured beside what theory says, the worst of all calls with the same name. */
struct lab_check {
	const char *name;
	char where[LAB_WORD_MAX];
	double measured, theory,
		tolerance; /* tolerance in % of theory; chi-square: the least probability that agrees */
	bool chi_square;   /* measured is chi-square, theory the degrees of freedom */
	double off;        /* % off, or the probability of a chi-square as large */
	unsigned times;
	bool agrees;
};

struct lab {
	const struct lab_info *info;
	uint64_t seed, random;         /* --seed; a stream of its own */
	const struct release *release; /* --go */
	bool release_given;
	uint64_t option[LAB_OPTIONS]; /* numbers given */
	bool given[LAB_OPTIONS];
	struct source *source; /* FILE as a recording; NULL: none was given.  Borrowed */
	const char *file;

	struct lab_table table[LAB_TABLES];
	int tables;
	struct lab_check check[LAB_CHECKS];
	int checks;
	char *sentence[LAB_SENTENCES];
	int sentences;
	char error[256]; /* why there is no result */

	uint64_t total, done; /* work */
	const char *unit;
	double started;                  /* seconds */
	void (*progress)(struct lab *l); /* called now and then; may be NULL */
	volatile int *interrupt;         /* set from outside: stop; may be NULL */
};

/* A lab may take --go, and a FILE, besides options of labs.def. */
enum { LAB_TAKES_GO = 1 << 30, LAB_TAKES_FILE = 1 << 29 };
struct lab_info {
	const char *name;
	bool (*run)(struct lab *l); /* false: it was stopped, or error says why there is no result */
	uint32_t options;           /* 1 << enum lab_option, LAB_TAKES_ */
	const char *title, *sentence;
};
extern const struct lab_info lab_infos[]; /* ended by a NULL name */
const struct lab_info *lab_find(const char *name);

void lab_init(struct lab *l, const struct lab_info *info, uint64_t seed);
void lab_release(struct lab *l);
/* The number given for an option, or otherwise. */
uint64_t lab_option(const struct lab *l, enum lab_option o, uint64_t otherwise);
/* Says why there is no result; gives false. */
bool lab_fail(struct lab *l, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- results ---- */

/* A new table.  name and title are borrowed. */
struct lab_table *lab_table(struct lab *l, const char *name, const char *title);
/* decimals -1: a column of words.  unit is borrowed, "" without one. */
void lab_column(struct lab_table *t, const char *name, const char *unit, int decimals);
void lab_row(struct lab_table *t);
void lab_number(struct lab_table *t, double v); /* NAN: there is none */
void lab_word(struct lab_table *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Bars of column y over the rows, column theory (NULL: none) as marks; x names the bars. */
void lab_plot(struct lab_table *t, const char *x, const char *y, const char *theory);
/* Value of a row and column, 0 when it is a word. */
double lab_value(const struct lab_table *t, size_t row, const char *column);

/* measured must be within tolerance % of theory; true: it is. */
bool lab_check(
	struct lab *l, const char *name, const char *where, double measured, double theory, double tolerance);
/* n classes counted against what is expected of each; classes that expect fewer than 5 are put together.
 * It agrees when chance alone gives a chi-square as large with a probability of at least 0.1 %.
 * estimated: how many parameters of the theory were taken from the counts. */
bool lab_chi_square(struct lab *l, const char *name, const char *where, const double *counted,
	const double *expected, int n, int estimated);
/* Every check so far agrees. */
bool lab_agrees(const struct lab *l);
void lab_conclude(struct lab *l, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- work ---- */

/* There are total units of work. unit: "inserts" through N_(). */
void lab_work(struct lab *l, uint64_t total, const char *unit);
/* units more are done; false: stop.  Cheap, but not for every insert. */
bool lab_tick(struct lab *l, uint64_t units);
/* The same from within a loop, for its i-th turn: now and then it looks whether to stop. */
static inline bool lab_go_on(struct lab *l, uint64_t i)
{
	return i % 65536 != 65535 || lab_tick(l, 0);
}
double lab_seconds(void); /* of a clock that does not go back */

#define LAB_OPTION(NAME, name, argument, least, most, sentence)
#define LAB(name, function, options, title, sentence) bool function(struct lab *l);
#include "src/lab/labs.def"
#undef LAB_OPTION
#undef LAB

#endif
