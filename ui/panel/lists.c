/* The lists over a frame: kinds of markers with what play and the list of events do with them; bookmarks. */
#include "ui/panel/panel.h"
#include "ui/scene/explain.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>

/* Below the bookmarks: a rule, the words of the one in focus, the file. */
enum { BOOKMARK_WORDS = 3, BOOKMARK_FOOT = BOOKMARK_WORDS + 2 };
enum { LIST_W = 66, LIST_NAME = 18 };

static void box(const struct frame *f, struct rect r, const char *title, const char *keys)
{
	for (int y = 0; y < r.h; y++)
		hits_add(f->hits, r, 0, y, r.w, (struct hit){ .kind = HIT_COVER });
	panel_box(f, r);
	grid_printf(f->grid, r, 2, 0, S_TITLE, " %s ", title);
	grid_printf(f->grid, r, 2, r.h - 1, S_LABEL, " %s ", keys);
}

/* The row in focus is marked, and reverse as well. */
static void row_in_focus(const struct frame *f, struct rect r, int y)
{
	grid_glyph(f->grid, r, 1, y, S_TITLE, G_FOCUS);
	grid_attribute(f->grid, r, 1, y, r.w - 2, STYLE_REVERSE);
}

static void filter_row(const struct frame *f, struct rect r, int y, int i)
{
	const struct find *m = f->find;
	bool on = i >= FILTER_KINDS  ? !kinds_have(&m->hidden, event_listed(i - FILTER_KINDS))
		: i == FILTER_STOP   ? m->stop
		: i == FILTER_EVENTS ? m->only
				     : m->markers >> i & 1;
	grid_put(f->grid, r, 3, y, S_TEXT, on ? "[x]" : "[ ]");
	if (i >= FILTER_KINDS) {
		grid_put(f->grid, r, 7, y, S_TEXT, event_info[event_listed(i - FILTER_KINDS)].name);
		if (i == FILTER_KINDS)
			grid_put(f->grid, r, 7 + LIST_NAME, y, S_LABEL,
				_("kinds of events that the list shows"));
		return;
	}
	if (i >= MARKERS) {
		grid_put(f->grid, r, 7, y, S_TEXT,
			i == FILTER_STOP ? _("play stops at these")
					 : _("the list of events shows only these"));
		return;
	}
	grid_put(f->grid, r, 7, y, S_TEXT, _(marker_info[i].name));
	grid_put(f->grid, r, 7 + LIST_NAME, y, S_LABEL, _(marker_info[i].help));
}

/* The row of the list that line i is in: a blank one stands before each part. */
static int filter_y(int i)
{
	return i + (i >= MARKERS) + (i >= FILTER_KINDS);
}

static void draw_filter(const struct frame *f, struct rect r)
{
	int rows = r.h - 2, all = filter_y(FILTER_LINES), at = filter_y(f->find->row);
	int from = at < rows - 1 || all <= rows ? 0 : at - rows / 2 > all - rows ? all - rows : at - rows / 2;
	box(f, r, _("filter: ] and [ go to"),
		all > rows ? _("space on, off   a all, none   Esc   more below")
			   : _("space on, off   a all, none   Esc"));
	for (int i = 0; i < FILTER_LINES; i++) {
		int y = 1 + filter_y(i) - from;
		if (y < 1 || y > rows)
			continue;
		filter_row(f, r, y, i);
		hits_add(f->hits, r, 1, y, r.w - 2, (struct hit){ .kind = HIT_ROW, .a = (uint64_t)i });
		if (i == f->find->row)
			row_in_focus(f, r, y);
	}
}

static void bookmark_row(const struct frame *f, struct rect r, int y, const struct bookmark *mark, int digits)
{
	char clean[4 * BOOKMARK_TEXT], fit[4 * BOOKMARK_TEXT];
	int x = grid_printf(f->grid, r, 3, y, S_TEXT, "%*" PRIu64, digits, mark->step) + 2;
	scene_clean(f->scene, mark->words, clean, sizeof clean); /* the file may come from anybody */
	text_fit(clean, r.w - x - 1, fit, sizeof fit);
	grid_put(f->grid, r, x, y, S_TEXT, fit);
	if (mark->step == f->scene->step)
		grid_put(f->grid, r, 2, y, S_TITLE, "*");
}

static void bookmark_foot(const struct frame *f, struct rect r)
{
	const struct bookmarks *n = &f->find->bookmarks;
	const char *path = bookmarks_path(n);
	char clean[4 * BOOKMARK_TEXT + PATH_MAX], fit[512];
	int y = r.h - 1 - BOOKMARK_FOOT, row = f->find->row;
	grid_repeat(f->grid, r, 1, y, S_RULE, G_H, r.w - 2);
	if (row >= 0 && (size_t)row < n->count) {
		scene_clean(f->scene, n->mark[row].words, clean, sizeof clean);
		panel_words(
			f, (struct rect){ r.x + 2, r.y, r.w - 4, r.h }, y + 1, BOOKMARK_WORDS, S_TEXT, clean);
	}
	if (!path || n->fleeting)
		return;
	scene_clean(f->scene, path, clean, sizeof clean);
	text_fit_middle(clean, r.w - 16, fit, sizeof fit);
	grid_printf(f->grid, r, 3, r.h - 2, S_LABEL, _("kept in %s"), fit);
}

static void draw_bookmarks(const struct frame *f, struct rect r)
{
	const struct find *m = f->find;
	int n = (int)m->bookmarks.count, rows = r.h - 2 - BOOKMARK_FOOT, digits = 1;
	int from = m->row < rows / 2 || n <= rows ? 0
		: m->row - rows / 2 > n - rows    ? n - rows
						  : m->row - rows / 2;
	for (uint64_t v = f->scene->steps; v >= 10; v /= 10)
		digits++;
	box(f, r, _("bookmarks"), _("Enter go   d delete   Esc"));
	if (n == 0)
		grid_put(f->grid, r, 3, 1, S_LABEL, _("none yet; m sets one at the step in sight"));
	bookmark_foot(f, r);
	for (int i = from; i < n && i - from < rows; i++) {
		hits_add(f->hits, r, 1, 1 + i - from, r.w - 2,
			(struct hit){ .kind = HIT_ROW, .a = (uint64_t)i });
		bookmark_row(f, r, 1 + i - from, &m->bookmarks.mark[i], digits);
		if (i == m->row)
			row_in_focus(f, r, 1 + i - from);
	}
}

/* One moment: its step, operation, and what happened. */
static void life_row(
	const struct frame *f, struct rect r, int y, const struct moment *m, int digits, int op_digits)
{
	char words[160], text[200];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(words, sizeof words, life_words(m->kind, m->op_kind, m->part != 0),
		m->place[0] ? m->place : "?");
#pragma GCC diagnostic pop
	if (m->count > 1)
		snprintf(text, sizeof text, P_("%s, %u time", "%s, %u times", m->count), words, m->count);
	else
		snprintf(text, sizeof text, "%s", words);
	int x = grid_printf(f->grid, r, 3, y, S_TEXT, "%*" PRIu64, digits, m->step) + 2;
	x = grid_printf(f->grid, r, x, y, S_LABEL, "%*" PRIu64 " %-9s", op_digits, m->op,
		    m->op_kind < OP_KINDS ? op_kind_name[m->op_kind] : "") +
		2;
	grid_put(f->grid, r, x, y, m->change ? S_TITLE : S_TEXT, text);
	if (f->scene->step >= m->step && f->scene->step <= m->last)
		grid_put(f->grid, r, 2, y, S_TITLE, "*");
}

static void draw_life(const struct frame *f, struct rect r)
{
	const struct life *l = follow_life(&f->find->follow);
	char title[200], key[SCENE_TEXT], fit[64];
	int n = (int)l->moments, rows = r.h - 2, row = f->find->row;
	int from = row < rows / 2 || n <= rows ? 0 : row - rows / 2 > n - rows ? n - rows : row - rows / 2;
	scene_clean(f->scene, f->find->follow.key, key, sizeof key);
	text_fit(key, 30, fit, sizeof fit);
	if (follow_busy(&f->find->follow))
		snprintf(title, sizeof title, _("the life of %s, at %u%%"), fit,
			pass_percent(&f->find->follow.pass));
	else
		snprintf(title, sizeof title,
			l->cut ? _("the life of %s, its beginning") : _("the life of %s"), fit);
	box(f, r, title, _("Enter go   i u next, previous   d stop following   Esc"));
	if (n == 0)
		grid_put(f->grid, r, 3, 1, S_LABEL, _("nothing is known of it yet"));
	for (int i = from; i < n && i - from < rows; i++) {
		hits_add(f->hits, r, 1, 1 + i - from, r.w - 2,
			(struct hit){ .kind = HIT_ROW, .a = (uint64_t)i });
		life_row(f, r, 1 + i - from, &l->moment[i], panel_digits(f->scene->steps),
			panel_digits(f->state->source->ops));
		if (i == row)
			row_in_focus(f, r, 1 + i - from);
	}
}

static struct rect list_rect(const struct find *f, struct rect all)
{
	int w = all.w - 4 < LIST_W ? all.w - 4 : LIST_W, most = all.h - 3;
	int want = f->list == LIST_BOOKMARKS ? (int)f->bookmarks.count + 2 + BOOKMARK_FOOT
		: f->list == LIST_LIFE       ? (int)follow_life(&f->follow)->moments + 2
					     : filter_y(FILTER_LINES) + 2;
	int h = want < 6 ? 6 : want;
	return (struct rect){ (all.w - w) / 2, 1, w, h < most ? h : most };
}

void panel_list(const struct frame *f, struct rect all)
{
	struct rect r = list_rect(f->find, all);
	if (f->find->list == LIST_BOOKMARKS)
		draw_bookmarks(f, r);
	else if (f->find->list == LIST_LIFE)
		draw_life(f, r);
	else
		draw_filter(f, r);
}
