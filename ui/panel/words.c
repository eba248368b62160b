/* Words: the sentence on what happens, help, and what is said when the terminal is too small. */
#include "ui/panel/panel.h"
#include "ui/scene/sentence.h"
#include "ui/grid/text.h"

#include <stdio.h>
#include <string.h>

/* Words wrapped into at most rows rows from y on, those after the first indented; returns the rows they take.
 * draw false: nothing is drawn. */
static int wrapped(const struct frame *f, struct rect r, int y, int rows, int indent, style st,
	const char *words, bool draw)
{
	int n = 0;
	for (const char *next; *words && n < rows; words = next, n++) {
		char fit[SENTENCE_MAX];
		int x = 1 + (n ? indent : 0);
		size_t length = text_wrap(words, r.w - 1 - x, &next);
		if (n == rows - 1 && *next) /* no more rows: say that something is missing */
			text_fit(words, r.w - 1 - x, fit, sizeof fit);
		else
			snprintf(fit, sizeof fit, "%.*s", (int)length, words);
		if (draw)
			grid_put(f->grid, r, x, y + n, st, fit);
	}
	return n;
}

enum { WORDS_ROWS = 100, SAY_INDENT = 2 };

/* What the step is, and under it what was said last.  That has rows of its own at the end; when they are too
 * few it takes those above that the sentence leaves, and at its own step there is no sentence. */
void panel_sentence(const struct frame *f, struct rect r)
{
	const struct scene *s = f->scene;
	char words[SENTENCE_MAX], said[SENTENCE_MAX];
	int y = 0, own = f->layout->narration, used = 0;
	bool speaks = s->event.kind == EV_SAY && own > 0 && !f->state->broken;
	if (r.h - own > 2 && r.w >= 120) {
		panel_head(f, r, 0, PANEL_SENTENCE, _("what happens"), NULL);
		y = 1;
	}
	sentence_make(s, words, sizeof words);
	if (f->state->broken)
		snprintf(words, sizeof words, _("The trace cannot be read here: %s"), f->state->message);
	style st = s->event.kind == EV_SAY                      ? S_SAY
		: s->event.kind == EV_FAULT || f->state->broken ? S_ERROR
								: S_SENTENCE;
	if (!speaks)
		used = wrapped(f, r, y, r.h - own - y, 0, st, words, true);
	if (!s->narration[0] || (s->event.kind == EV_SAY && !speaks))
		return;
	snprintf(said, sizeof said, _("» %s"), s->narration);
	int rows = wrapped(f, r, 0, WORDS_ROWS, SAY_INDENT, S_SAY, said, false), room = r.h - y - used;
	if (rows < own)
		rows = own;
	if (rows <= room || own)
		wrapped(f, r, r.h - (rows < room ? rows : room), room, SAY_INDENT, S_SAY, said, true);
}

void panel_too_small(const struct frame *f, struct rect r)
{
	char words[160];
	snprintf(words, sizeof words, _("this terminal is %dx%d"), r.w, r.h);
	const char *lines[] = { _("mapscope needs 60x16 or more"), words, "",
		_("make it larger, or a smaller font; q quits, nothing is lost") };
	for (int i = 0, y = 0; i < 4 && y < r.h; i++) /* the size first: short of columns, it is wrapped */
		y += wrapped(f, (struct rect){ -1, 0, r.w + 2, r.h }, y, r.h - y, 0,
			     i == 0 ? S_TITLE : S_TEXT, lines[i], true) +
			!lines[i][0];
}

/* ---- help: from the tables of keys and glyphs ---- */

enum { HELP_ROWS = 100, HELP_KEYS = 12, HELP_COLUMN = 38, HELP_W = 80, HELP_H = 26, HELP_WIDE = 96 };

/* One line of help: keys and what they do, in a column. */
static void help_entry(const struct frame *f, struct rect r, int x, int y, const char *keys, const char *help)
{
	char fit[128];
	if (y >= r.h - 1)
		return;
	text_fit(keys, HELP_KEYS - 1, fit, sizeof fit);
	grid_put(f->grid, r, x, y, S_TITLE, fit);
	text_fit(help, HELP_COLUMN - HELP_KEYS - 1, fit, sizeof fit);
	grid_put(f->grid, r, x + HELP_KEYS, y, S_TEXT, fit);
}

/* The lines of a group below each other; returns the row after them. */
static int help_group(const struct frame *f, struct rect r, int x, int y, enum action_group group)
{
	for (int a = 1; a < ACTIONS; a++) {
		char keys[64];
		const struct action_info *i = &action_info[a];
		if (i->group != group || !i->help)
			continue;
		action_keys((enum action)a, false, keys, sizeof keys);
		help_entry(f, r, x, y++, a == ACTION_LEFT ? _("arrows hjkl") : keys, _(i->help));
	}
	return y;
}

/* A group one after the other, in as many rows as that takes; returns the row after them. */
static int help_flow(const struct frame *f, struct rect r, int y, enum action_group group)
{
	int x = 2;
	for (int a = 1; a < ACTIONS; a++) {
		char keys[64], help[96];
		const struct action_info *i = &action_info[a];
		if (i->group != group || !i->help)
			continue;
		action_keys((enum action)a, false, keys, sizeof keys);
		snprintf(help, sizeof help, " %s", _(i->help));
		if (x > 2 && x + text_width(keys) + text_width(help) > r.w - 2) {
			x = 2;
			y++;
		}
		x = grid_put(f->grid, r, x, y, S_TITLE, keys);
		x = grid_put(f->grid, r, x, y, S_TEXT, help) + 2;
	}
	return y + 1;
}

static void help_line(const struct frame *f, struct rect r, int y, const char *title)
{
	if (y >= r.h - 1)
		return;
	grid_repeat(f->grid, r, 1, y, S_RULE, G_H, r.w - 2);
	grid_glyph(f->grid, r, 0, y, S_RULE, G_T_RIGHT);
	grid_glyph(f->grid, r, r.w - 1, y, S_RULE, G_T_LEFT);
	grid_printf(f->grid, r, 2, y, S_TITLE, " %s ", title);
}

struct mark_help {
	const char *mark, *help;
};

static const struct mark_help marks[] = {
	{ "R W", N_("read, written: this step") },
	{ "0-7", N_("byte of a full slot") },
	{ "r w", N_("earlier in this operation") },
	{ "·", N_("byte of a free slot") },
	{ "*", N_("changed since last shown") },
	{ "-", N_("byte of another bucket") },
	{ "[3 ▅ 5]", N_("bucket in focus, entries") },
	{ "×", N_("old bucket has moved") },
	{ "◊", N_("watched") },
	{ "◆", N_("the key that y follows") },
	{ "►", N_("what the step is about") },
	{ ">> <<", N_("field crosses cache lines") },
	{ "o", N_("overflow pointer, not nil") },
	{ "+2", N_("steps of the allocator before") },
	{ "»", N_("what the workload says") },
};

static int help_marks(const struct frame *f, struct rect r, int y, bool two)
{
	int n = sizeof marks / sizeof marks[0];
	for (int i = 0; i < n; i++)
		help_entry(f, r, two && i % 2 ? 2 + HELP_COLUMN : 2, y + (two ? i / 2 : i), marks[i].mark,
			_(marks[i].help));
	return y + (two ? (n + 1) / 2 : n);
}

/* A sentence over both columns; returns the row after it. */
static int help_words(const struct frame *f, struct rect r, int y, const char *words)
{
	for (const char *next; *words; words = next) {
		size_t n = text_wrap(words, r.w - 4, &next);
		grid_printf(f->grid, r, 2, y++, S_TEXT, "%.*s", (int)n, words);
	}
	return y;
}

/* All of it, from row 1 on; returns the row after it. */
static int help_contents(const struct frame *f, struct rect r)
{
	bool two = r.w >= 2 * HELP_COLUMN + 2;
	int y = help_group(f, r, 2, 1, GROUP_TIME);
	if (two) {
		int right = help_group(f, r, 2 + HELP_COLUMN, 1, GROUP_FOCUS);
		y = right > y ? right : y;
	} else {
		help_line(f, r, y, _("focus"));
		y = help_group(f, r, 2, y + 1, GROUP_FOCUS);
	}
	y = help_words(f, r, y, /* xgettext:no-c-format */
		_("numbers first: 12. is 12 steps, 390g step 390, 15G operation 15, 50% middle"));
	y = help_words(
		f, r, y, _("/ searches: kiwi all, k kiwi keys, e overflow events, x 0a87 bytes in hex"));
	help_line(f, r, y, _("views: a capital letter opens, again closes"));
	y = help_flow(f, r, y + 1, GROUP_VIEW);
	help_line(f, r, y, _("other"));
	y = help_flow(f, r, y + 1, GROUP_OTHER);
	help_line(f, r, y, _("marks"));
	return help_marks(f, r, y + 1, two);
}

/* Drawn whole on a grid of its own, of which a window is shown; returns the rows it takes. */
static int help_tall(const struct frame *f, struct grid *tall, int w)
{
	struct frame inside = *f;
	inside.grid = tall;
	inside.hits = NULL;
	grid_init(tall, w, HELP_ROWS, f->grid->ascii);
	panel_box(&inside, grid_rect(tall));
	return help_contents(&inside, grid_rect(tall)) - 1;
}

/* Where it stands on a screen. */
static struct rect help_rect(int w, int h)
{
	int width = w > HELP_WIDE ? HELP_W : w;
	return (struct rect){ (w - width) / 2, 1, width, h - 2 > HELP_H ? HELP_H : h - 2 };
}

int panel_help_last(const struct frame *f, int w, int h)
{
	struct grid tall;
	struct rect r = help_rect(w, h);
	int rows = help_tall(f, &tall, r.w);
	grid_release(&tall);
	return rows > r.h - 2 ? rows - (r.h - 2) : 0;
}

void panel_help(const struct frame *f)
{
	struct grid tall;
	struct rect r = help_rect(f->grid->w, f->grid->h);
	panel_box(f, r);
	int shown = r.h - 2, rows = help_tall(f, &tall, r.w), last = rows > shown ? rows - shown : 0;
	int from = f->state->help_from < last ? f->state->help_from : last;
	for (int y = 0; y < shown && from + y < rows && tall.w == r.w; y++)
		memcpy(f->grid->cell + (r.y + 1 + y) * f->grid->w + r.x, tall.cell + (1 + from + y) * tall.w,
			(size_t)r.w * sizeof *tall.cell);
	grid_release(&tall);
	grid_printf(f->grid, r, 2, 0, S_TITLE, " %s ", _("help: time, from every panel"));
	if (from == 0 && r.w >= 2 * HELP_COLUMN + 2)
		grid_printf(f->grid, r, 2 + HELP_COLUMN, 0, S_TITLE, " %s ", _("focus"));
	if (last)
		grid_printf(f->grid, r, 2, r.h - 1, S_LABEL, " %s ",
			from < last ? _("PgDn: more") : _("PgUp: back"));
}
