/* What panels are drawn with: rules, borders, words, boxes, bars. */
#include "ui/panel/panel.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>

style part_style(enum location_part part)
{
	static const style styles[] = { [AT_PADDING] = S_PAD,
		[AT_CONTROL] = S_TOP,
		[AT_KEY] = S_KEY,
		[AT_ELEM] = S_ELEM,
		[AT_NEXT] = S_PTR };
	return styles[part];
}

void panel_head(
	const struct frame *f, struct rect r, int y, enum panel p, const char *title, const char *right)
{
	struct grid *g = f->grid;
	grid_rule(g, r, y);
	int end = grid_printf(g, r, 1, y, S_LABEL, " %s ", title);
	if (f->state->panel == p)
		grid_restyle(g, r, 1, y, end - 1, S_CURSOR);
	if (right && right[0] && end + text_width(right) + 4 <= r.w) {
		int x = r.w - text_width(right) - 3;
		grid_printf(g, r, x, y, S_LABEL, " %s ", right);
	}
}

bool panel_watched(const struct frame *f, uint64_t addr, uint64_t size)
{
	return watch_has(&f->find->watch, addr, size);
}

enum glyph panel_mark(const struct frame *f, uint64_t addr, uint64_t size)
{
	for (unsigned i = 0; i < f->follows; i++)
		if (watch_has(&f->followed[i], addr, size))
			return G_FOLLOWED;
	return watch_has(&f->find->watch, addr, size) ? G_WATCHED : GLYPHS;
}

bool panel_put_mark(const struct frame *f, struct rect r, int x, int y, uint64_t addr, uint64_t size)
{
	enum glyph mark = panel_mark(f, addr, size);
	if (mark != GLYPHS)
		grid_glyph(f->grid, r, x, y, mark == G_FOLLOWED ? S_KEY | STYLE_BOLD : S_TITLE, mark);
	return mark != GLYPHS;
}

void short_address(uint64_t addr, int digits, char *out, size_t cap)
{
	uint64_t mask = digits < 16 ? (UINT64_C(1) << 4 * digits) - 1 : UINT64_MAX;
	snprintf(out, cap, "…%0*" PRIx64, digits, addr & mask);
}

void panel_bar(const struct frame *f, struct rect r, int x, int y, style s, unsigned entries)
{
	if (entries == 0)
		grid_put(f->grid, r, x, y, s, " ");
	else
		grid_glyph(f->grid, r, x, y, s, (enum glyph)(G_BAR1 + (entries > 8 ? 8 : entries) - 1));
}

void panel_box(const struct frame *f, struct rect r)
{
	for (int y = 0; y < r.h; y++) {
		for (int x = 0; x < r.w; x++)
			grid_put(f->grid, r, x, y, S_TEXT, " ");
		grid_glyph(f->grid, r, 0, y, S_RULE, G_V);
		grid_glyph(f->grid, r, r.w - 1, y, S_RULE, G_V);
	}
	for (int y = 0; y < r.h; y += r.h - 1) {
		grid_repeat(f->grid, r, 0, y, S_RULE, G_H, r.w);
		grid_glyph(f->grid, r, 0, y, S_RULE, y ? G_BOTTOM_LEFT : G_TOP_LEFT);
		grid_glyph(f->grid, r, r.w - 1, y, S_RULE, y ? G_BOTTOM_RIGHT : G_TOP_RIGHT);
		if (r.h < 2)
			break;
	}
}

void panel_rule(const struct frame *f, struct rect r, int y, bool focus, const char *title, const char *right)
{
	char fit[256];
	grid_rule(f->grid, r, y);
	text_fit(title, r.w - 4, fit, sizeof fit);
	int end = grid_printf(f->grid, r, 1, y, S_LABEL, " %s ", fit);
	if (focus)
		grid_restyle(f->grid, r, 1, y, end - 1, S_CURSOR);
	if (right && right[0] && end + text_width(right) + 4 <= r.w)
		grid_printf(f->grid, r, r.w - text_width(right) - 3, y, S_LABEL, " %s ", right);
}

/* Is the cell part of a rule? */
static bool is_rule(const struct frame *f, struct rect r, int x, int y)
{
	x += r.x;
	y += r.y;
	return x >= 0 && x < f->grid->w && y >= 0 && y < f->grid->h &&
		(f->grid->cell[y * f->grid->w + x].style & STYLE_ROLE) == S_RULE &&
		f->grid->cell[y * f->grid->w + x].ch != ' ';
}

void panel_border(const struct frame *f, struct rect r, int x)
{
	for (int y = 0; y < r.h; y++) {
		bool left = is_rule(f, r, x - 1, y), right = is_rule(f, r, x + 1, y);
		enum glyph middle = left && right ? G_CROSS : left ? G_T_LEFT : right ? G_T_RIGHT : G_V;
		grid_glyph(f->grid, r, x, y, S_RULE, y == 0 ? G_T_DOWN : middle);
	}
}

int panel_words(const struct frame *f, struct rect r, int y, int rows, style st, const char *words)
{
	char fit[1024];
	for (int i = 0; i < rows && *words; i++, y++) {
		const char *next;
		size_t n = text_wrap(words, r.w - 2, &next);
		if (i == rows - 1 && *next)
			text_fit_sentences(words, r.w - 2, fit, sizeof fit);
		else
			snprintf(fit, sizeof fit, "%.*s", (int)n, words);
		grid_put(f->grid, r, 1, y, st, fit);
		words = next;
	}
	return y;
}

int panel_digits(uint64_t v)
{
	int n = 1;
	for (; v >= 10; v /= 10)
		n++;
	return n;
}
