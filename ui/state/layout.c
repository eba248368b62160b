/* Which panel is where; see layout.h.
 *
 * Rows are given out in the order in which panels may be missed least; slots, sentence and transport always
 * have theirs.  The wide layout stands four tables side by side; the narrow one shows one bucket and has the
 * list of events at the right when there is room.
 */
#include "ui/state/layout.h"

#include <string.h>

/* Five lines are what a bucket of map[string]int64 touches; longer ones are a window until there is more
 * room. */
enum { LINES_FIRST = 5 };
enum {
	LINE = 64,
	WIDE_W = 120,
	WIDE_H = 30,
	CODE_W = 40,
	CODE_H = 16,
	SIDE_W = 160,
	NARROW_W = 80,
	HEX_W = 152,
	EVENTS_W = 36
};

int layout_lines(uint32_t group)
{
	return group ? (int)((group + LINE - 2) / LINE + 1) : 5;
}

struct cutter {
	struct layout *l;
	int x, w, y;
};

static void cut(struct cutter *c, enum panel p, int h)
{
	if (h > 0)
		c->l->rect[p] = (struct rect){ c->x, c->y, c->w, h };
	c->y += h > 0 ? h : 0;
}

/* Takes up to want rows of what is left, nothing if fewer than least are. */
static int take(int *left, int want, int least)
{
	int n = want < *left ? want : *left;
	if (n < least)
		return 0;
	*left -= n;
	return n;
}

static bool is_wide(int w, int h)
{
	return w >= WIDE_W && h >= WIDE_H;
}

/* What samples say is 112 columns at most. */
int layout_narration(int w, int h)
{
	return is_wide(w, h) ? 1 : w < NARROW_W && h > LAYOUT_MIN_H ? 3 : 2;
}

int layout_sentence(int w, int h)
{
	return is_wide(w, h) || w < NARROW_W ? 3 : 2;
}

static void layout_narrow(struct layout *l, int w, int h, int lines)
{
	int sentence = layout_sentence(w, h) + l->narration;
	int left = h - (1 + 9 + sentence + 1);
	int side = w >= WIDE_W ? w - NARROW_W : 0;
	int header = take(&left, 1, 1);
	int strips = take(&left, 1, 1);
	strips += take(&left, 1, 1);
	int want = 1 + (lines < LINES_FIRST ? lines : LINES_FIRST);
	int hash = left >= 2 + 3 ? take(&left, 2, 2) : 0; /* lines that the step does not touch go first */
	int line_map = take(&left, want, 2);
	hash += hash ? 0 : take(&left, 2, 2);
	if (hash && lines > LINES_FIRST)
		line_map += take(&left, lines - LINES_FIRST, 1);
	int timeline = side || left < 9 ? take(&left, 4, 4) : 0;
	int events = side ? 0 : left;
	if (!timeline && events > 9) {
		timeline = 4;
		events -= 4;
	}
	if (events < 3)
		events = 0;
	struct cutter c = { l, 0, w, 0 };
	cut(&c, PANEL_TITLE, 1);
	cut(&c, PANEL_HEADER, header);
	cut(&c, PANEL_STRIPS, strips);
	int top = c.y;
	c.w = w - side;
	cut(&c, PANEL_SLOTS, 9);
	cut(&c, PANEL_LINES, line_map);
	cut(&c, PANEL_EVENTS, events);
	if (side)
		l->rect[PANEL_EVENTS] = (struct rect){ NARROW_W, top, side, c.y - top };
	c.w = w;
	cut(&c, PANEL_HASH, hash);
	cut(&c, PANEL_SENTENCE, sentence);
	c.y = h - 1 - timeline;
	cut(&c, PANEL_TIMELINE, timeline);
	cut(&c, PANEL_TRANSPORT, 1);
}

/* The middle of the wide layout: bytes, and the list of events where code does not have the right side. */
static void layout_bytes(struct layout *l, struct cutter *c, int middle, int lines)
{
	int hex = 1 + 2 * (1 + 2 * lines);
	bool side = c->w < l->w;
	if (c->w >= HEX_W && middle >= hex) {
		cut(c, PANEL_HEX, hex);
		middle -= hex;
		if (!side && middle >= 4)
			cut(c, PANEL_EVENTS, middle);
		return;
	}
	int w = c->w, y = c->y;
	c->w = w - EVENTS_W > NARROW_W ? NARROW_W : w;
	cut(c, PANEL_LINES, middle);
	if (c->w < w)
		l->rect[PANEL_EVENTS] = (struct rect){ c->w, y, w - c->w, middle };
	c->w = w;
}

static void layout_wide(struct layout *l, int w, int h, int lines)
{
	int side = w >= SIDE_W ? CODE_W : 0;
	int sentence = layout_sentence(w, h) + l->narration;
	int left = h - (1 + 1 + 4 + 10 + 1 + 2 + sentence + 1);
	bool hex = w - side >= HEX_W;
	int want = hex && left >= 1 + 2 * (1 + 2 * lines) + 4 ? 1 + 2 * (1 + 2 * lines) : 1 + 2 * (1 + lines);
	int middle = left - 4 >= 6 ? left - 4 : left; /* the timeline goes first */
	if (middle > want)
		middle = want;
	int timeline = left - middle;
	if (timeline < 4)
		timeline = 0;
	if (timeline > 12) { /* rows that nothing else wants make the plot of steps higher, up to a point */
		middle += timeline - 12;
		timeline = 12;
	}
	if (hex && side && middle > want) {
		timeline += middle - want;
		middle = want;
	}
	struct cutter c = { l, 0, w, 0 };
	cut(&c, PANEL_TITLE, 1);
	cut(&c, PANEL_HEADER, 1);
	c.w = w - side;
	cut(&c, PANEL_ARRAYS, 4);
	cut(&c, PANEL_TABLES, 10);
	layout_bytes(l, &c, middle, lines);
	c.y = h - 1 - timeline - 3 - sentence;
	cut(&c, PANEL_HASH, 3);
	cut(&c, PANEL_SENTENCE, sentence);
	if (side) {
		int code = h - 2 - 1 - timeline, events = 0;
		if (!layout_has(l, PANEL_EVENTS) && code > CODE_H + 8) {
			events = code - CODE_H;
			code = CODE_H;
		}
		l->rect[PANEL_CODE] = (struct rect){ w - side, 2, side, code };
		if (events)
			l->rect[PANEL_EVENTS] = (struct rect){ w - side, 2 + code, side, events };
	}
	c.w = w;
	cut(&c, PANEL_TIMELINE, timeline);
	cut(&c, PANEL_TRANSPORT, 1);
}

void layout_make(struct layout *l, int w, int h, uint32_t group, bool narrated)
{
	memset(l, 0, sizeof *l);
	l->w = w;
	l->h = h;
	l->too_small = w < LAYOUT_MIN_W || h < LAYOUT_MIN_H;
	if (l->too_small)
		return;
	l->narration = narrated ? layout_narration(w, h) : 0;
	if (is_wide(w, h))
		layout_wide(l, w, h, layout_lines(group));
	else
		layout_narrow(l, w, h, layout_lines(group));
}

void layout_alone(struct layout *l, enum panel p)
{
	static const enum panel stay[] = { PANEL_TITLE, PANEL_HEADER, PANEL_SENTENCE, PANEL_TRANSPORT };
	struct layout all = *l;
	if (l->too_small || (!layout_has(l, p) && p != PANEL_TIMELINE))
		return;
	for (int i = 0; i < PANELS; i++)
		l->rect[i].h = 0;
	for (size_t i = 0; i < sizeof stay / sizeof stay[0]; i++)
		l->rect[stay[i]] = all.rect[stay[i]];
	struct rect *sentence = &l->rect[PANEL_SENTENCE];
	sentence->x = 0;
	sentence->w = l->w;
	sentence->y = l->h - 1 - sentence->h;
	l->rect[p] = (struct rect){ 0, 2, l->w, sentence->y - 2 };
}
