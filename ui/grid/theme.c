/* Themes: how the roles of styles.def look, and a grid as ANSI text. */
#include "ui/grid/grid.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct pair {
	short foreground, background;
};
#define C(f, b) \
	{ \
		f, b \
	}
static const struct {
	unsigned mono;
	struct pair dark16, light16, dark256, light256, projector;
} styles[STYLE_ROLES] = {
#define STYLE(name, NAME, mono, dark16, light16, dark256, light256, projector) \
	{ mono, dark16, light16, dark256, light256, projector },
#include "ui/grid/styles.def"
#undef STYLE
};

enum { THEME_DARK, THEME_LIGHT, THEME_COLOUR_BLIND, THEME_PROJECTOR, THEME_MONO, THEME_AUTO, THEMES };
/* The default colours were searched for all kinds of sight, so colour-blind is dark by another name; auto is
 * dark until more is known of the terminal. */
static const char *const names[THEMES] = { "dark", "light", "colour-blind", "projector", "mono", "auto" };

const char *theme_name(int i)
{
	return i >= 0 && i < THEMES ? names[i] : NULL;
}

int theme_find(const char *name)
{
	if (strcmp(name, "color-blind") == 0)
		return THEME_COLOUR_BLIND;
	for (int i = 0; i < THEMES; i++)
		if (strcmp(name, names[i]) == 0)
			return i;
	return -1;
}

int theme_auto(void)
{
	return THEME_AUTO;
}

/* Four hex digits at most, of which as many as there are make the whole; -1: there are none. */
static double component(const char **p)
{
	unsigned v = 0, most = 0;
	for (int n = 0; n < 4 && isxdigit((unsigned char)**p); n++, (*p)++) {
		char c = **p;
		v = v * 16 + (unsigned)(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
		most = most * 16 + 15;
	}
	return most ? v / (double)most : -1;
}

int theme_of_background(const char *answer)
{
	double c[3];
	const char *p = strstr(answer, "rgb");
	if (strncmp(answer, "11;", 3) != 0 || !p || !(p = strchr(p, ':')))
		return -1;
	for (int i = 0; i < 3; i++) {
		if (*p != (i ? '/' : ':'))
			return -1;
		p++;
		if ((c[i] = component(&p)) < 0)
			return -1;
	}
	return 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2] > 0.5 ? THEME_LIGHT : THEME_DARK;
}

int theme_of_colorfgbg(const char *value)
{
	const char *last = value ? strrchr(value, ';') : NULL;
	char *end;
	if (!last || !isdigit((unsigned char)last[1]))
		return -1;
	long n = strtol(last + 1, &end, 10);
	if (*end || n > 15)
		return -1;
	return n == 7 || n > 8 ? THEME_LIGHT : THEME_DARK;
}

/* The projector's few colours are also among the first 16. */
static short bright16(short colour256)
{
	switch (colour256) {
	case 16: return 0;
	case 46: return 10;
	case 51: return 14;
	case 226: return 11;
	default: return 15;
	}
}

static struct pair theme_pair(int theme, int colours, unsigned role)
{
	if (theme == THEME_LIGHT)
		return colours >= 256 ? styles[role].light256 : styles[role].light16;
	if (theme != THEME_PROJECTOR)
		return colours >= 256 ? styles[role].dark256 : styles[role].dark16;
	struct pair p = styles[role].projector;
	if (colours < 256) {
		p.foreground = bright16(p.foreground);
		p.background = p.background < 0 ? -1 : bright16(p.background);
	}
	return p;
}

struct look theme_look(int theme, int colours, style s)
{
	unsigned role = s & STYLE_ROLE;
	if (role >= STYLE_ROLES)
		role = S_TEXT;
	struct look look = { -1, -1, (s & ~(unsigned)STYLE_ROLE) | styles[role].mono };
	if (colours == 0 || theme == THEME_MONO)
		return look;
	struct pair p = theme_pair(theme, colours, role);
	look.foreground = p.foreground;
	look.background = p.background;
	/* A background says what reverse would; the other attributes stay, letters carry the meaning anyway.
	 */
	if (p.background >= 0)
		look.attributes &= ~(styles[role].mono & (unsigned)STYLE_REVERSE);
	if (theme ==
		THEME_PROJECTOR) { /* black also where the terminal is not: white on white would be nothing */
		look.background = p.background >= 0 ? p.background : colours >= 256 ? 16 : 0;
		if (p.foreground < 232) /* the greys are weak */
			look.attributes |= STYLE_BOLD;
	}
	return look;
}

static void print_colour(FILE *out, int base, int colour)
{
	if (colour < 0)
		return;
	if (colour < 8)
		fprintf(out, ";%d", base + colour);
	else if (colour < 16)
		fprintf(out, ";%d", base + 60 + colour - 8);
	else
		fprintf(out, ";%d;5;%d", base + 8, colour);
}

bool grid_print_ansi(const struct grid *g, int theme, int colours, FILE *out)
{
	char bytes[16];
	for (int y = 0; y < g->h; y++) {
		int last = -1;
		for (int x = 0; x < g->w; x++) {
			const struct cell *c = &g->cell[y * g->w + x];
			if (c->style != last) {
				struct look l = theme_look(theme, colours, c->style);
				fprintf(out, "\033[0%s%s%s", l.attributes & STYLE_BOLD ? ";1" : "",
					l.attributes & STYLE_UNDERLINE ? ";4" : "",
					l.attributes & STYLE_REVERSE ? ";7" : "");
				print_colour(out, 30, l.foreground);
				print_colour(out, 40, l.background);
				putc('m', out);
				last = c->style;
			}
			fwrite(bytes, 1, cell_utf8(c, bytes), out);
		}
		fputs("\033[0m\n", out);
	}
	return fflush(out) == 0 && !ferror(out);
}
