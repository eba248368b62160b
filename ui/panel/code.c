/* The functions of a map in pseudo-code, with the line that runs marked. */
#include "ui/panel/panel.h"
#include "ui/scene/explain.h"
#include "ui/grid/text.h"

#include <string.h>

void panel_code_line(
	const struct frame *f, struct rect r, int y, int number, const char *text, int now, bool calls)
{
	char fit[160];
	style st = number == now ? S_TITLE : S_TEXT;
	text_fit(text, r.w - 3, fit, sizeof fit);
	grid_printf(f->grid, r, 0, y, number == now ? S_TITLE : S_LABEL, "%2d", number);
	if (number == now)
		grid_glyph(f->grid, r, 2, y, S_TITLE, G_FOCUS);
	grid_put(f->grid, r, 3, y, st, fit);
	if (number == now && !calls)
		grid_attribute(f->grid, r, 0, y, r.w, STYLE_REVERSE);
}

void panel_code_lines(const struct frame *f, struct rect r, unsigned fn, int now, bool calls)
{
	const char *text;
	for (int i = 1; i < r.h && (text = code_text(f->scene, fn, i)); i++)
		panel_code_line(f, r, i, i, text, now, calls);
}

void panel_code_listing(const struct frame *f, struct rect r, unsigned fn)
{
	const struct scene *s = f->scene;
	char title[96];
	bool runs = fn == code_running(s);
	code_title(s, fn, title, sizeof title);
	char *names = strchr(title, '('), *end = strrchr(title, ')');
	if (text_width(title) > r.w - 4 && names && end) { /* Go's names for it say enough */
		*end = 0;
		memmove(title, names + 1, strlen(names));
	}
	panel_rule(f, r, 0, runs && f->state->view == VIEW_CODE, title, NULL);
	panel_code_lines(f, r, fn, code_line(s, fn), !runs);
}

void panel_code(const struct frame *f, struct rect r)
{
	const struct explain *outer = explain_outer(f->scene);
	struct rect inside = { r.x + 1, r.y, r.w - 1, r.h };
	panel_border(f, r, 0);
	if (outer && outer->draw_code_column)
		outer->draw_code_column(f, inside);
	else
		panel_code_listing(f, inside, code_running(f->scene));
}
