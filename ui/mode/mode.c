/* Which mode is open; see mode.h. */
#include "ui/mode/predict.h"
#include "ui/mode/compare.h"
#include "ui/grid/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct mode *mode_of(struct replay *r)
{
	if (!r->mode) {
		r->mode = calloc(1, sizeof *r->mode);
		if (!r->mode)
			abort();
		prompt_init(&r->mode->session.prompt);
	}
	return r->mode;
}

/* A replay may be asked to begin in a mode. */
static enum mode_kind mode_now(struct replay *r)
{
	if (!r->mode && r->state.options.engine && r->state.options.play)
		session_open(r);
	if (!r->mode && r->state.options.other)
		compare_open(r);
	return r->mode ? r->mode->open : MODE_NONE;
}

bool mode_key(struct replay *r, int key)
{
	switch (mode_now(r)) {
	case MODE_SESSION: session_key(r, key); return true;
	case MODE_COMPARE: compare_key(r, key); return true;
	case MODE_PREDICT: predict_key(r, key); return true;
	default: return false;
	}
}

bool mode_action(struct replay *r, enum action a)
{
	switch (a) {
	case ACTION_TYPE: session_open(r); return true;
	case ACTION_MARK: compare_mark(r); return true;
	case ACTION_COMPARE: compare_open(r); return true;
	case ACTION_PREDICT: predict_open(r); return true;
	default: return false;
	}
}

bool mode_work(struct replay *r)
{
	switch (r->mode ? r->mode->open : MODE_NONE) {
	case MODE_COMPARE: return compare_work(r);
	case MODE_PREDICT: return predict_work(r);
	default: return false;
	}
}

bool mode_busy(const struct replay *r)
{
	switch (r->mode ? r->mode->open : MODE_NONE) {
	case MODE_COMPARE: return r->mode->compare->searching != 0;
	case MODE_PREDICT: return r->mode->predict->searching;
	default: return false;
	}
}

const char *mode_name(const struct replay *r)
{
	switch (r->mode ? r->mode->open : MODE_NONE) {
	case MODE_SESSION: return _("play");
	case MODE_COMPARE: return _("compare");
	case MODE_PREDICT: return _("predict");
	default: return NULL;
	}
}

bool mode_return(struct replay *r)
{
	return r->mode && session_return(r);
}

void mode_release(struct replay *r)
{
	if (!r->mode)
		return;
	session_release(&r->mode->session);
	compare_release(r->mode->compare);
	free(r->mode->predict);
	free(r->mode);
	r->mode = NULL;
}

/* ---- drawing ---- */

bool mode_draw(struct replay *r, struct grid *g)
{
	struct player *now = &r->player[r->now];
	struct layout layout;
	struct scene scene;
	enum mode_kind mode = mode_now(r);
	if (mode == MODE_NONE)
		return false;
	grid_clear(g);
	if (mode == MODE_COMPARE) {
		compare_draw(r, g);
		return true;
	}
	now = &r->player[r->now];
	if (log_seek(&r->log, now, now->step) != 0 && !r->state.broken) {
		r->state.broken = true;
		snprintf(r->state.message, sizeof r->state.message, "%s", now->error[0] ? now->error : r->state.source->error);
	}
	scene_make(&scene, now, &r->log, NULL, &r->state.hold, r->state.ascii);
	scene.now_from = scene.step;
	layout_make(&layout, g->w, g->h, scene.type_ok ? &scene.type : NULL);
	struct frame f = replay_frame(r, &scene);
	f.grid = g;
	f.layout = &layout;
	f.name = mode_name(r);
	r->state.w = g->w;
	r->state.h = g->h;
	if (layout.too_small)
		panel_too_small(&f, grid_rect(g));
	else if (mode == MODE_SESSION)
		session_draw(r, &f);
	else if (mode == MODE_PREDICT)
		predict_draw(r, &f);
	r->moved = false;
	return true;
}

int mode_head(const struct frame *f, int below)
{
	const struct layout *l = f->layout;
	bool wide = layout_has(l, PANEL_TABLES);
	int h = l->h;
	panel_title(f, l->rect[PANEL_TITLE]);
	panel_hmap(f, l->rect[PANEL_HMAP]);
	if (wide) {
		panel_arrays(f, l->rect[PANEL_ARRAYS]);
		panel_tables(f, l->rect[PANEL_TABLES]);
		return l->rect[PANEL_TABLES].y + l->rect[PANEL_TABLES].h;
	}
	int strips = h - 2 - 9 - below >= 2 ? 2 : 1;
	panel_strips(f, (struct rect){ 0, 2, l->w, strips });
	panel_slots(f, (struct rect){ 0, 2 + strips, l->w, 9 });
	return 2 + strips + 9;
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
