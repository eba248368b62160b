/* Which panel is where, for a size: pure, and the same for every step, so that nothing jumps.
 */
#ifndef UI_LAYOUT_H
#define UI_LAYOUT_H

#include "ui/grid/grid.h"

enum panel {
	PANEL_TITLE,
	PANEL_HEADER,
	PANEL_STRIPS,
	PANEL_ARRAYS,
	PANEL_SLOTS,
	PANEL_TABLES,
	PANEL_LINES,
	PANEL_HEX,
	PANEL_EVENTS,
	PANEL_CODE,
	PANEL_HASH,
	PANEL_SENTENCE,
	PANEL_TIMELINE,
	PANEL_TRANSPORT,
	PANELS
};

enum { LAYOUT_MIN_W = 60, LAYOUT_MIN_H = 16 };

struct layout {
	int w, h;
	bool too_small;
	struct rect rect[PANELS]; /* h 0: not there */
	int narration;            /* rows at the end of the sentence's that are narration's */
};

/* group: bytes of a group of the map's, for how many cache lines it can touch; 0: unknown.  narrated: the
 * recording has words of its own, which get rows. */
void layout_make(struct layout *l, int w, int h, uint32_t group, bool narrated);
/* Rows of narration, and of the sentence above it, in every view. */
int layout_narration(int w, int h);
int layout_sentence(int w, int h);
/* Gives a panel the whole middle; those that tell what happens stay.  The timeline can have it at every size.
 */
void layout_alone(struct layout *l, enum panel p);
/* Cache lines that a group of so many bytes can touch, wherever it starts. */
int layout_lines(uint32_t group);
static inline bool layout_has(const struct layout *l, enum panel p)
{
	return l->rect[p].h > 0;
}

#endif
