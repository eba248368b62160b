/* A grid of character cells; see grid.h. */
#include "trace/base/escape.h"
#include "ui/grid/grid.h"
#include "ui/grid/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *utf8;
	char ascii;
} glyphs[GLYPHS] = {
#define GLYPH(NAME, utf8, ascii) { utf8, ascii },
#include "ui/grid/glyphs.def"
#undef GLYPH
};

const char *glyph_utf8(enum glyph g)
{
	return glyphs[g].utf8;
}

void grid_init(struct grid *g, int w, int h, bool ascii)
{
	g->w = w < 0 ? 0 : w > GRID_MAX_W ? GRID_MAX_W : w;
	g->h = h < 0 ? 0 : h > GRID_MAX_H ? GRID_MAX_H : h;
	g->ascii = ascii;
	g->cell = malloc(((size_t)g->w * (size_t)g->h + 1) * sizeof *g->cell);
	if (!g->cell)
		g->w = g->h = 0;
	grid_clear(g);
}

void grid_release(struct grid *g)
{
	free(g->cell);
	*g = (struct grid){ 0 };
}

void grid_clear(struct grid *g)
{
	for (int i = 0; i < g->w * g->h; i++)
		g->cell[i] = (struct cell){ .ch = ' ', .style = S_TEXT };
}

struct rect grid_rect(const struct grid *g)
{
	return (struct rect){ 0, 0, g->w, g->h };
}

/* The cell at column x, row y of r, or NULL outside of r or the grid. */
static struct cell *cell_at(struct grid *g, struct rect r, int x, int y)
{
	if (x < 0 || y < 0 || x >= r.w || y >= r.h)
		return NULL;
	x += r.x;
	y += r.y;
	if (x < 0 || y < 0 || x >= g->w || y >= g->h)
		return NULL;
	return &g->cell[y * g->w + x];
}

/* Whoever overwrites one half of a wide character blanks the other. */
static void cell_free_wide(struct grid *g, struct cell *c)
{
	int column = (int)((c - g->cell) % g->w);
	if (c->ch == 0 && column > 0)
		c[-1] = (struct cell){ .ch = ' ', .style = c[-1].style };
	if (c->ch != 0 && column + 1 < g->w && c[1].ch == 0)
		c[1] = (struct cell){ .ch = ' ', .style = c[1].style };
}

static void put_narrow(struct grid *g, struct rect r, int x, int y, style s, uint32_t ch)
{
	struct cell *c = cell_at(g, r, x, y);
	if (!c)
		return;
	cell_free_wide(g, c);
	*c = (struct cell){ .ch = ch, .style = s };
}

static void put_wide(struct grid *g, struct rect r, int x, int y, style s, uint32_t ch)
{
	struct cell *left = cell_at(g, r, x, y), *right = cell_at(g, r, x + 1, y);
	if (left && right) {
		put_narrow(g, r, x, y, s, ' ');
		put_narrow(g, r, x + 1, y, s, ' ');
		left->ch = ch;
		right->ch = 0;
	} else if (left) {
		put_narrow(g, r, x, y, s, 0x2026); /* the cut mark */
	} else if (right) {
		put_narrow(g, r, x + 1, y, s, ' ');
	}
}

static void put_mark(struct grid *g, struct rect r, int x, int y, uint32_t ch)
{
	struct cell *c = cell_at(g, r, x - 1, y);
	if (c && c->ch == 0)
		c = cell_at(g, r, x - 2, y);
	for (int i = 0; c && i < GRID_COMBINING; i++)
		if (!c->combining[i]) {
			c->combining[i] = ch;
			return;
		}
}

/* The ASCII of a character that the glyph table has, else 0. */
static char glyph_ascii(uint32_t ch)
{
	for (int i = 0; i < GLYPHS; i++) {
		const char *p = glyphs[i].utf8;
		if (utf8_next(&p) == ch)
			return glyphs[i].ascii;
	}
	return 0;
}

static int put_ascii(struct grid *g, struct rect r, int x, int y, style s, uint32_t ch)
{
	char a = glyph_ascii(ch), escaped[12];
	if (a) {
		put_narrow(g, r, x, y, s, (uint32_t)a);
		return x + 1;
	}
	snprintf(escaped, sizeof escaped, ch < 0x10000 ? "\\u%04x" : "\\U%08x", ch);
	for (const char *p = escaped; *p; p++)
		put_narrow(g, r, x++, y, s, (uint32_t)*p);
	return x;
}

int grid_put(struct grid *g, struct rect r, int x, int y, style s, const char *text)
{
	for (uint32_t ch; (ch = utf8_next(&text));) {
		if (escape_is_hidden(ch)) /* texts from files are escaped before; this is the last gate */
			ch = '?';
		if (g->ascii && ch >= 0x7f) {
			x = put_ascii(g, r, x, y, s, ch);
			continue;
		}
		int w = char_width(ch);
		if (w == 0)
			put_mark(g, r, x, y, ch);
		else if (w == 1)
			put_narrow(g, r, x, y, s, ch);
		else
			put_wide(g, r, x, y, s, ch);
		x += w;
	}
	return x;
}

int grid_printf(struct grid *g, struct rect r, int x, int y, style s, const char *format, ...)
{
	char text[1024];
	va_list ap;
	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	return grid_put(g, r, x, y, s, text);
}

int grid_put_right(struct grid *g, struct rect r, int end, int y, style s, const char *text)
{
	return grid_put(g, r, end - text_width(text), y, s, text);
}

int grid_glyph(struct grid *g, struct rect r, int x, int y, style s, enum glyph glyph)
{
	const char *p = glyphs[glyph].utf8;
	put_narrow(g, r, x, y, s, g->ascii ? (uint32_t)glyphs[glyph].ascii : utf8_next(&p));
	return x + 1;
}

void grid_repeat(struct grid *g, struct rect r, int x, int y, style s, enum glyph glyph, int n)
{
	for (int i = 0; i < n; i++)
		grid_glyph(g, r, x + i, y, s, glyph);
}

void grid_rule(struct grid *g, struct rect r, int y)
{
	grid_repeat(g, r, 0, y, S_RULE, G_H, r.w);
}

void grid_attribute(struct grid *g, struct rect r, int x, int y, int n, style attributes)
{
	for (int i = 0; i < n; i++) {
		struct cell *c = cell_at(g, r, x + i, y);
		if (c)
			c->style |= attributes;
	}
}

void grid_restyle(struct grid *g, struct rect r, int x, int y, int n, style s)
{
	for (int i = 0; i < n; i++) {
		struct cell *c = cell_at(g, r, x + i, y);
		if (c)
			c->style = s;
	}
}

size_t cell_utf8(const struct cell *c, char *out)
{
	if (c->ch == 0)
		return 0;
	size_t n = utf8_encode(c->ch, out);
	for (int i = 0; i < GRID_COMBINING && c->combining[i]; i++)
		n += utf8_encode(c->combining[i], out + n);
	return n;
}

bool grid_print(const struct grid *g, FILE *out)
{
	char bytes[16];
	for (int y = 0; y < g->h; y++) {
		for (int x = 0; x < g->w; x++)
			fwrite(bytes, 1, cell_utf8(&g->cell[y * g->w + x], bytes), out);
		putc('\n', out);
	}
	return fflush(out) == 0 && !ferror(out);
}
