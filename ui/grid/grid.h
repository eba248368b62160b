/* A grid of character cells: what views draw on and what terminals, text and ANSI are made from.
 *
 * A cell holds one character with its combining marks and a style, which is a role of styles.def and perhaps
 * attributes on top.  A wide character takes two cells and is never halved: where only one column is left the
 * cut mark stands instead.  All coordinates are columns and rows inside a rect; what lies outside of it is
 * not drawn.
 */
#ifndef UI_GRID_H
#define UI_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Attributes above the role in a style. */
enum { STYLE_ROLE = 0xff, STYLE_BOLD = 0x100, STYLE_UNDERLINE = 0x200, STYLE_REVERSE = 0x400 };
enum style_role {
#define STYLE(name, NAME, mono, dark16, light16, dark256, light256, projector) ROLE_STYLE_##NAME,
#include "ui/grid/styles.def"
#undef STYLE
	STYLE_ROLES
};
/* Short names: S_TEXT, S_KEY, ... */
enum {
#define STYLE(name, NAME, mono, dark16, light16, dark256, light256, projector) S_##NAME = ROLE_STYLE_##NAME,
#include "ui/grid/styles.def"
#undef STYLE
	S_END
};
typedef uint16_t style;

enum glyph {
#define GLYPH(NAME, utf8, ascii) G_##NAME,
#include "ui/grid/glyphs.def"
#undef GLYPH
	GLYPHS
};
const char *glyph_utf8(enum glyph g);

/* How a style looks on a terminal: colour numbers (-1: the terminal's own) and STYLE_ attributes. */
struct look {
	int foreground, background;
	unsigned attributes;
};
/* Names of the themes, i from 0; NULL: no more.  -1: no such theme. */
const char *theme_name(int i);
int theme_find(const char *name);
/* The one that asks the terminal, and looks as the dark one until it has answered. */
int theme_auto(void);
/* Which theme a background wants: of a terminal that has answered OSC 11 ("11;rgb:ffff/ffff/ffff"), or by
 * what COLORFGBG says ("15;0").  -1: that says nothing. */
int theme_of_background(const char *answer);
int theme_of_colorfgbg(const char *value);
/* colours: 0, 16 or 256. */
struct look theme_look(int theme, int colours, style s);

enum { GRID_COMBINING = 2, GRID_MAX_W = 1000, GRID_MAX_H = 500 };
struct cell {
	uint32_t ch;                        /* 0: the right half of a wide character */
	uint32_t combining[GRID_COMBINING]; /* 0: none */
	style style;
};
struct grid {
	int w, h;
	bool ascii;        /* glyphs are put as ASCII, other characters as \uNNNN */
	struct cell *cell; /* row by row */
};
struct rect {
	int x, y, w, h;
};

/* w and h are clamped to 0..GRID_MAX.  Blank. */
void grid_init(struct grid *g, int w, int h, bool ascii);
void grid_release(struct grid *g);
void grid_clear(struct grid *g);
struct rect grid_rect(const struct grid *g);

/* Put UTF-8 text; each returns the column after it (also when it was clipped). */
int grid_put(struct grid *g, struct rect r, int x, int y, style s, const char *text);
int grid_printf(struct grid *g, struct rect r, int x, int y, style s, const char *format, ...)
	__attribute__((format(printf, 6, 7)));
/* As grid_put, ending at column end (exclusive). */
int grid_put_right(struct grid *g, struct rect r, int end, int y, style s, const char *text);
int grid_glyph(struct grid *g, struct rect r, int x, int y, style s, enum glyph glyph);
void grid_repeat(struct grid *g, struct rect r, int x, int y, style s, enum glyph glyph, int n);
/* A rule over the width of r at row y, and text in it. */
void grid_rule(struct grid *g, struct rect r, int y);
/* Adds attributes to n cells, or gives them another style. */
void grid_attribute(struct grid *g, struct rect r, int x, int y, int n, style attributes);
void grid_restyle(struct grid *g, struct rect r, int x, int y, int n, style s);

/* Exactly h lines of w columns.  false: out cannot be written. */
bool grid_print(const struct grid *g, FILE *out);
bool grid_print_ansi(const struct grid *g, int theme, int colours, FILE *out);
/* The bytes of one cell (0 for the right half of a wide one) at out, which has room for 16. */
size_t cell_utf8(const struct cell *c, char *out);

#endif
