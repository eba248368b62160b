/* The prompt of a session drawn: what has been played, what it cost, what can be typed. */
#include "ui/mode/private.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { HEAD_LEAVES = 1 + 3 + 3 }; /* rows that the head leaves, at least */

static int digits_of(uint64_t v)
{
	int n = 1;
	for (; v >= 10; v /= 10)
		n++;
	return n;
}

static void draw_cost(const struct mode *mode, const struct frame *f, int y, uint64_t op)
{
	const struct session_mode *m = &mode->session;
	const struct op_cost *c = cost_known(&m->costs, op);
	int w = f->grid->w, digits = digits_of(mode->state->source->ops),
	    words = w >= 120 ? 34
		: w >= 80    ? 20
			     : 16;
	char text[128], result[SCENE_TEXT + 64];
	if (digits < 2)
		digits = 2;
	if (!c)
		return;
	style st = op == mode->state->source->ops ? S_TITLE : S_TEXT;
	grid_printf(f->grid, grid_rect(f->grid), 2, y, st, "%*" PRIu64, digits, op);
	int x = 2 + digits + 2;
	mode_words(f, x, y, x + words - 1, st, c->words);
	x += words;
	mode_words(f, x, y, x + 10, st, c->where);
	x += 11;
	snprintf(text, sizeof text, _("tops %2u  keys %2u"), c->tophashes, c->keys);
	x = grid_put(f->grid, grid_rect(f->grid), x, y, st, text) + 2;
	if (w >= 100)
		x = grid_printf(f->grid, grid_rect(f->grid), x, y, st, _("lines %2u"), c->lines) + 2;
	cost_result(c, result, sizeof result);
	/* What came of it goes before what it cost. */
	char steps[32];
	snprintf(steps, sizeof steps, _("steps %2" PRIu64), c->last - c->first + 1);
	if (x + text_width(steps) + (result[0] ? 2 + text_width(result) : 0) < w)
		x = grid_put(f->grid, grid_rect(f->grid), x, y, st, steps) + 2;
	mode_words(f, x, y, w, c->fault >= 0 ? S_ERROR : st, result);
}

/* What can be typed: own words, then the engine's directives.  false: no more. */
static bool help_line(const struct mode *mode, int i, struct ui_directive *ret)
{
	static const struct ui_directive own[] = { { "evil", "N [B]", N_("N keys for one bucket") },
		{ "undo", "", N_("takes a line back") }, { "save", "[NAME]", N_("saves, goes on") },
		{ "quit", "", N_("saves and ends") },
		{ "Left", "Right", N_("steps, with nothing typed; Home End") },
		{ "Escape", "", N_("replays it; again: where it began") } };
	enum { OWN = sizeof own / sizeof own[0] };
	struct ui_engine *e = mode->state->options.engine;
	if (i < OWN)
		*ret = own[i];
	return i < OWN || e->directive(e, (size_t)(i - OWN), ret);
}

/* Rows of the middle: below the head, and the lines of bytes where there is room. */
static int line_rows(const struct frame *f)
{
	int lines = layout_has(f->layout, PANEL_TABLES) ? layout_lines(f->scene->group_size) + 1 : 0;
	return f->layout->h - 3 - mode_head_rows(f, HEAD_LEAVES) - lines >= 8 ? lines : 0;
}

/* Help stands between the head and row `end`, or over the whole middle where there is no room. */
struct help_plan {
	int y, rows, columns, total, most;
};

static struct help_plan help_plan(const struct mode *mode, const struct frame *f)
{
	struct help_plan p = { .y = mode_head_rows(f, HEAD_LEAVES) + line_rows(f),
		.columns = f->layout->w >= 120 ? 2 : 1 };
	struct ui_directive d;
	int end = f->layout->h - 3;
	while (help_line(mode, p.total, &d))
		p.total++;
	if ((end - p.y - 1) * p.columns < p.total)
		p.y = 2;
	p.rows = end - p.y;
	p.most = (p.rows - 1) * p.columns;
	return p;
}

int session_help_from(const struct mode *mode, const struct frame *f)
{
	struct help_plan p = help_plan(mode, f);
	int last = p.total > p.most ? p.total - p.most : 0;
	return mode->session.help_from < last ? mode->session.help_from : last;
}

/* PgDn and PgUp turn it where it is longer still. */
static void draw_help(const struct mode *mode, const struct frame *f)
{
	struct rect all = grid_rect(f->grid);
	struct help_plan p = help_plan(mode, f);
	struct ui_directive d;
	char text[256], which[64];
	int from = session_help_from(mode, f), y = p.y, rows = p.rows, total = p.total, most = p.most;
	int w = f->grid->w / p.columns, name = w >= 80 ? 30 : 22;
	for (int i = 0; i < rows; i++)
		grid_printf(f->grid, all, 0, y + i, S_TEXT, "%*s", f->grid->w, "");
	grid_rule(f->grid, all, y);
	grid_put(f->grid, all, 1, y, S_CURSOR, _(" what can be typed "));
	if (total > most) {
		snprintf(which, sizeof which, _(" %d-%d of %d, PgDn PgUp "), from + 1, from + most, total);
		grid_put_right(f->grid, all, f->grid->w - 1, y, S_LABEL, which);
	}
	for (int i = 0; i < most && help_line(mode, from + i, &d); i++) {
		snprintf(text, sizeof text, "%s %s", d.name, d.arguments);
		int x = i / (rows - 1) * w, at = y + 1 + i % (rows - 1);
		mode_words(f, x + 1, at, x + name, S_TITLE, text);
		mode_words(f, x + name + 1, at, x + w - 1, S_TEXT, _(d.sentence));
	}
}

static void draw_list(const struct mode *mode, const struct frame *f, int y, int rows)
{
	const struct session_mode *m = &mode->session;
	char text[256];
	uint64_t last = mode->state->source->ops - (m->back < mode->state->source->ops ? m->back : 0);
	int list = rows - 1;
	uint64_t n = last < (uint64_t)list ? last : (uint64_t)list;
	for (uint64_t i = 0; i < n; i++)
		draw_cost(mode, f, y + (int)i, last - n + 1 + i);
	if (mode->state->source->ops == 0)
		mode_words(f, 2, y, f->grid->w, S_TEXT,
			_("Type an operation: put K V, get K, del K, fill 0 20"));
	mode->state->options.engine->growth(mode->state->options.engine, text, sizeof text);
	mode_words(f, 6, y + list, f->grid->w, S_GROW, text);
}

/* One is stepping through what has been played: what happens there, over two rows. */
static void draw_step(const struct frame *f, int y)
{
	int w = f->grid->w;
	char text[128];
	grid_printf(f->grid, (struct rect){ 0, y, w, 2 }, 0, 0, S_TEXT, "%*s", w, "");
	panel_sentence(f, (struct rect){ 0, y, w, 2 });
	snprintf(text, sizeof text, _("step %" PRIu64 "/%" PRIu64 "   ← → step   Home operation   End end"),
		f->scene->step, f->scene->steps);
	mode_words(f, 1, y + 3, w, S_TITLE, text);
}

/* The completions, or what came of the last line. */
static void draw_said(const struct session_mode *m, const struct frame *f, int y)
{
	int w = f->grid->w, x = 2;
	const char *hint = _("Tab completes  ↑ history");
	int end = w - 2 - text_width(hint);
	for (size_t i = 0; i < m->words; i++) {
		int width = text_width(m->word[i]);
		if (x + width + 2 > end) {
			grid_put(f->grid, grid_rect(f->grid), x, y, S_LABEL, "…");
			break;
		}
		mode_words(f, x, y, end, S_TITLE, m->word[i]);
		x += width + 2;
	}
	if (!m->words && m->said[0] && !m->wrong) {
		mode_words(f, 2, y, w - 1, S_TITLE, m->said);
		return;
	}
	grid_put_right(f->grid, grid_rect(f->grid), w - 1, y, S_LABEL, hint);
}

/* Under the prompt: a caret and what is wrong, or the directives. */
static void draw_foot(const struct session_mode *m, const struct frame *f, int y, int text_x)
{
	int w = f->grid->w;
	if (!m->wrong) {
		mode_words(f, 1, y, w, S_LABEL,
			w >= 80 ? _("put K V  get K  del K  evil N  fill LO HI  undo  ← → steps  Esc replay  ?")
				: _("put K V  get K  del K  undo  ← → steps  Esc  ?"));
		return;
	}
	char before[PROMPT_MAX];
	snprintf(before, sizeof before, "%.*s", (int)(m->column ? m->column - 1 : 0), m->prompt.text);
	int caret = text_x + text_width(before), width = text_width(m->said);
	if (!m->column || caret > w - 2) {
		mode_words(f, 1, y, w, S_ERROR, m->said);
		return;
	}
	grid_put(f->grid, grid_rect(f->grid), caret, y, S_TITLE, "^");
	if (caret + 2 + width <= w)
		mode_words(f, caret + 2, y, w, S_ERROR, m->said);
	else if (width + 2 <= caret) /* no room at the right: before the caret */
		mode_words(f, caret - width - 1, y, caret, S_ERROR, m->said);
	else
		mode_words(f, caret >= w / 2 ? 0 : caret + 2, y, caret >= w / 2 ? caret - 1 : w, S_ERROR,
			m->said);
}

static const char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* What has been done, between rule and prompt; on a very small screen there is no room for it. */
static void draw_middle(const struct mode *mode, const struct frame *f, int y, int rows)
{
	const struct session_mode *m = &mode->session;
	struct rect all = grid_rect(f->grid);
	char title[128], begun[320];
	if (rows < 3) { /* the last operation at least */
		if (mode->state->source->ops)
			draw_cost(mode, f, y, mode->state->source->ops);
		return;
	}
	grid_rule(f->grid, all, y);
	snprintf(begun, sizeof begun, "%s", _(" session "));
	if (m->from)
		snprintf(begun, sizeof begun, _(" from %s, op %" PRIu64 " "), file_name(m->from->name),
			m->from_op);
	snprintf(title, sizeof title,
		P_(" %" PRIu64 " operation, saved on quit as %s ",
			" %" PRIu64 " operations, saved on quit as %s ", mode->state->source->ops),
		mode->state->source->ops, mode->state->options.engine->saved_as);
	int left = f->grid->w - 1 - text_width(title);
	grid_put_right(f->grid, all, f->grid->w - 1, y, S_LABEL, title);
	mode_words(f, 1, y, left - 1, S_LABEL, begun);
	draw_list(mode, f, y + 1, rows - 1);
}

void session_draw(const struct mode *mode, const struct frame *f)
{
	const struct session_mode *m = &mode->session;
	struct grid *g = f->grid;
	char prompt[80];
	int y = mode_head(f, HEAD_LEAVES), foot = g->h - 3;
	int lines = line_rows(f);
	if (lines) {
		panel_lines(f, (struct rect){ 0, y, g->w, lines });
		y += lines;
	}
	if (m->help)
		draw_help(mode, f);
	else
		draw_middle(mode, f, y, foot - y);
	bool stepping = f->scene->step < f->scene->steps && !m->prompt.length && !m->wrong;
	if (stepping)
		draw_step(f, foot - 1);
	else
		draw_said(m, f, foot);
	const struct map_info *map = f->scene->outer ? f->scene->outer
						     : f->scene->map; /* operations are the sync.Map's */
	snprintf(prompt, sizeof prompt, "%s>", map ? map->name : "");
	int x = grid_put(g, grid_rect(g), 1, foot + 1, S_TITLE, prompt) + 1;
	mode_prompt(f, &m->prompt, x, foot + 1, g->w);
	if (!stepping)
		draw_foot(m, f, foot + 2, x);
}
