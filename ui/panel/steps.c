/* Under the code: the steps of the operation, each with the line of the pseudo-code that it stands at.
 *
 * A line depends on the memory of its step, so a player of its own walks over the steps in sight; those are
 * as many as there are rows and columns for, around the step of the frame.
 */
#include "ui/panel/panel.h"
#include "ui/scene/code.h"
#include "ui/scene/sentence.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { COLUMN_W = 66, WHERE_W = 12 };

static void draw_step(const struct frame *f, struct rect r, int x, int y, int width, const struct scene *s)
{
	char where[48], phrase[256], fit[300];
	bool here = s->step == f->scene->step;
	style st = here ? S_TITLE : S_TEXT;
	code_stand(s, where, sizeof where);
	hits_add_area(f->hits, r, x, y, width, 1, (struct hit){ .kind = HIT_STEP, .a = s->step });
	if (here)
		grid_glyph(f->grid, r, x, y, S_TITLE, G_FOCUS);
	int next = grid_printf(f->grid, r, x + 1, y, st, "%*" PRIu64 " ", panel_digits(s->steps), s->step);
	grid_put(f->grid, r, next + 1, y, here ? S_TITLE : S_LABEL, where);
	next += WHERE_W + 1;
	event_phrase(s, &s->event, phrase, sizeof phrase);
	text_fit_sentences(phrase, x + width - next - 1, fit, sizeof fit);
	grid_put(f->grid, r, next, y, st, fit);
	if (here)
		grid_attribute(f->grid, r, x, y, width - 1, STYLE_REVERSE);
}

/* The first step to show: all of them when they fit, else a window that moves by whole columns. */
static uint64_t first_step(const struct scene_op *op, uint64_t now, int rows, int fits)
{
	uint64_t n = op->last - op->first + 1, column = (uint64_t)rows;
	if (n <= (uint64_t)fits || now < op->first)
		return op->first;
	uint64_t back = ((uint64_t)fits / column - 1) * column, at = (now - op->first) / column * column;
	return op->first + (at > back ? at - back : 0);
}

void panel_code_steps(const struct frame *f, struct rect area)
{
	const struct scene_op *op = &f->scene->op;
	int columns = area.w / COLUMN_W < 1 ? 1 : area.w / COLUMN_W, rows = area.h - 1,
	    width = area.w / columns;
	struct player p;
	struct log log = { 0 };
	struct scene s;
	panel_rule(f, area, 0, false, _("the steps of this operation, and the line each stands at"), NULL);
	if (!op->op || rows < 1) {
		grid_put(f->grid, area, 1, 1, S_DEAD, _("no operation has begun"));
		return;
	}
	uint64_t first = first_step(op, f->scene->step, rows, rows * columns);
	player_init(&p, f->state->source);
	for (int i = 0; i < rows * columns && first + (uint64_t)i <= op->last; i++) {
		uint64_t step = first + (uint64_t)i;
		if (player_seek(&p, step) != 0 || log_seek(&log, &p, step) != 0)
			break;
		scene_make(&s, &p, &log, NULL, NULL, f->scene->ascii);
		draw_step(f, area, i / rows * width, 1 + i % rows, width, &s);
	}
	log_release(&log);
	player_release(&p);
}
