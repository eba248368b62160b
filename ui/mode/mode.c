/* Which mode is open; see mode.h. */
#include "ui/mode/private.h"
#include "ui/grid/text.h"

#include "trace/base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct mode_info {
	const char *title;
	void (*key)(struct mode *mode, int key);
	void (*ready)(struct mode *mode, const struct frame *f);
	void (*draw)(const struct mode *mode, const struct frame *f);
	bool (*work)(struct mode *mode);
	bool (*busy)(const struct mode *mode);
	const struct scene *(*scene)(struct mode *mode);
} infos[MODES] = {
#define MODE(NAME, name, title) \
	[MODE_##NAME] = { title, name##_key, name##_ready, name##_draw, name##_work, name##_busy, \
		name##_scene },
#include "ui/mode/modes.def"
#undef MODE
};

void mode_init(struct mode *m)
{
	memset(m, 0, sizeof *m);
	prompt_init(&m->session.prompt);
}

void mode_release(struct mode *m)
{
	session_release(&m->session);
	compare_release(m->compare);
	free(m->predict);
}

void mode_begin(struct mode *m)
{
	if (m->begun)
		return;
	m->begun = true;
	if (m->state->options.engine && m->state->options.play)
		session_open(m);
	else if (m->state->options.other)
		compare_open(m);
}

bool mode_key(struct mode *m, int key)
{
	if (m->open == MODE_NONE)
		return false;
	infos[m->open].key(m, key);
	return true;
}

bool mode_action(struct mode *m, enum action a)
{
	switch (a) {
	case ACTION_TYPE: session_open(m); return true;
	case ACTION_MARK: compare_mark(m); return true;
	case ACTION_COMPARE: compare_open(m); return true;
	case ACTION_PREDICT: predict_open(m); return true;
	default: return false;
	}
}

void mode_arrived(struct mode *m, enum request_kind done)
{
	if (done == REQUEST_RETURN)
		session_returned(m);
	else
		predict_arrived(m);
}

bool mode_work(struct mode *m)
{
	return m->open != MODE_NONE && infos[m->open].work(m);
}

bool mode_busy(const struct mode *m)
{
	return m->open != MODE_NONE && infos[m->open].busy(m);
}

const char *mode_title(const struct mode *m)
{
	return m->open != MODE_NONE ? _(infos[m->open].title) : NULL;
}

bool mode_return(struct mode *m)
{
	return session_return(m);
}

/* ---- drawing ---- */

const struct scene *mode_scene(struct mode *m)
{
	return infos[m->open].scene(m);
}

void mode_ready(struct mode *m, const struct frame *f)
{
	infos[m->open].ready(m, f);
}

void mode_draw(const struct mode *m, const struct frame *f)
{
	infos[m->open].draw(m, f);
}

/* Rows of the strips, where there are no tables. */
static int strip_rows(const struct frame *f, int below)
{
	return f->layout->h - 2 - 9 - below >= 2 ? 2 : 1;
}

int mode_head_rows(const struct frame *f, int below)
{
	const struct rect *tables = &f->layout->rect[PANEL_TABLES];
	return layout_has(f->layout, PANEL_TABLES) ? tables->y + tables->h : 2 + strip_rows(f, below) + 9;
}

int mode_head(const struct frame *f, int below)
{
	const struct layout *l = f->layout;
	panel_title(f, l->rect[PANEL_TITLE]);
	panel_header(f, l->rect[PANEL_HEADER]);
	if (layout_has(l, PANEL_TABLES)) {
		panel_arrays(f, l->rect[PANEL_ARRAYS]);
		panel_tables(f, l->rect[PANEL_TABLES]);
		return mode_head_rows(f, below);
	}
	int strips = strip_rows(f, below);
	panel_strips(f, (struct rect){ 0, 2, l->w, strips });
	panel_slots(f, (struct rect){ 0, 2 + strips, l->w, 9 });
	return mode_head_rows(f, below);
}

void mode_words(const struct frame *f, int x, int y, int end, style s, const char *text)
{
	char clean[2048], fit[2048];
	if (end <= x)
		return;
	scene_clean(f->scene, text, clean, sizeof clean);
	text_fit(clean, end - x, fit, sizeof fit);
	grid_put(f->grid, grid_rect(f->grid), x, y, s, fit);
}

void mode_prompt(const struct frame *f, const struct prompt *p, int x, int y, int end)
{
	struct rect r = { 0, y, end, 1 };
	char before[PROMPT_MAX];
	snprintf(before, sizeof before, "%.*s", (int)p->cursor, p->text);
	int cursor = text_width(before), skip = x + cursor + 2 > end ? x + cursor + 2 - end : 0;
	const char *text = p->text;
	for (int w = 0; w < skip && *text;) {
		const char *next = text;
		w += char_width(utf8_next(&next));
		text = next;
	}
	int at = grid_put(f->grid, r, x, 0, S_TEXT, text);
	if (p->cursor == p->length)
		grid_put(f->grid, r, at, 0, S_TITLE, "_");
	else
		grid_attribute(f->grid, r, x + cursor - skip, 0, 1, STYLE_REVERSE);
}
