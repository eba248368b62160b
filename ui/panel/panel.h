/* Panels: what frames and views are made of.  Each draws itself into its rect.  A new one is a function here,
 * a line in the table of ui/control/frame.c, and a place in ui/state/layout.c.
 */
#ifndef UI_PANEL_H
#define UI_PANEL_H

#include "ui/panel/frame.h"
#include "ui/scene/object.h"

typedef void panel_draw(const struct frame *f, struct rect r);
panel_draw panel_title, panel_header, panel_strips, panel_arrays, panel_slots, panel_tables, panel_lines,
	panel_hex, panel_events, panel_code, panel_hash, panel_sentence, panel_timeline, panel_transport,
	panel_too_small, panel_list;

/* Of these header, strips, arrays, slots, tables and hash are the map's kind's own (struct explain). */

/* Help over the frame, from row state->help_from of it. */
void panel_help(const struct frame *f);
/* The last row that it can begin with, on a screen of so many columns and rows. */
int panel_help_last(const struct frame *f, int w, int h);
/* A rule at row y of r with a title (reverse when the panel is in focus) and words at its right end. */
void panel_head(
	const struct frame *f, struct rect r, int y, enum panel p, const char *title, const char *right);
/* An empty box. */
void panel_box(const struct frame *f, struct rect r);
/* The style of a part of a group. */
style part_style(enum location_part part);
/* "…8240": the last digits of an address, 4, or as many as tell two in view apart. */
void short_address(uint64_t addr, int digits, char *out, size_t cap);
/* Is one of size bytes at addr watched? */
/* The glyph of what lies in a range: followed, watched, else GLYPHS. */
enum glyph panel_mark(const struct frame *f, uint64_t addr, uint64_t size);
/* Puts that glyph, if there is one.  false: there is none. */
bool panel_put_mark(const struct frame *f, struct rect r, int x, int y, uint64_t addr, uint64_t size);
bool panel_watched(const struct frame *f, uint64_t addr, uint64_t size);
/* n bytes from lo on, a cell each: those of the group, and of what it is part of. */
void panel_line_cells(const struct frame *f, struct rect r, int x, int y, const struct scene_group *b,
	uint64_t lo, uint32_t n, const uint8_t *marks);
/* The names of the group's fields that have bytes among them, at most 13 columns. */
void panel_line_label(
	const struct scene *s, const struct scene_group *b, uint64_t lo, uint32_t n, char *out, size_t cap);
/* The offset in the group in focus of the byte that the cursor is on. */
uint32_t panel_byte_in_focus(const struct state *st, const struct scene *s);
/* The same in an object of size bytes at addr. */
uint32_t panel_byte_at(
	const struct state *st, unsigned object, uint64_t addr, uint32_t size, const struct scene *s);
/* The bar for 0 to 8 entries; 0 is blank. */
void panel_bar(const struct frame *f, struct rect r, int x, int y, style s, unsigned entries);

/* A rule with a title, reverse when the arrows are here, and words at its right end. */
void panel_rule(
	const struct frame *f, struct rect r, int y, bool focus, const char *title, const char *right);
/* The border between two columns: x is the left one's end. */
void panel_border(const struct frame *f, struct rect r, int x);
/* Words wrapped into rows y.. of r, at most rows of them; returns the row after the last. */
int panel_words(const struct frame *f, struct rect r, int y, int rows, style st, const char *words);
/* Digits of a number. */
int panel_digits(uint64_t v);
/* The column of operation op in a timeline drawn into r. */
int panel_timeline_column(const struct frame *f, struct rect r, uint64_t op);

/* One plot of so many columns of cells behind PLOT_LABEL others, under its title or another; now: the column
 * of the operation in sight, -1: none. */
enum { PLOT_LABEL = 9 };
void panel_plot(const struct frame *f, struct rect r, const struct series *s, unsigned k, const char *title,
	int columns, int now);
/* The column of the operation in sight among so many, -1: none. */
int panel_plot_column(const struct frame *f, const struct series *s, int columns);
/* Where both levels of caches miss alike: the title under which the plot of L1 says so.  NULL: they do not,
 * or it is not known yet. */
const char *panel_plots_alike(const struct frame *f, const struct series *s);
/* Makes the columns of plots in r lead to their operations, from its second row on. */
void panel_plot_hits(const struct frame *f, struct rect r, int columns);

/* Function fn of the map in pseudo-code under a rule; its lines into rows 1.. of r, and one of them.  The
 * line that runs is reverse; one that has called what runs has the mark only. */
void panel_code_listing(const struct frame *f, struct rect r, unsigned fn);
void panel_code_lines(const struct frame *f, struct rect r, unsigned fn, int now, bool calls);
void panel_code_line(
	const struct frame *f, struct rect r, int y, int number, const char *text, int now, bool calls);
/* The steps of the operation with the lines they stand at. */
void panel_code_steps(const struct frame *f, struct rect area);

/* The list of events around the step into rows 1.. of r, with what they say where it is wide and that was
 * asked for; what stands at its rule's right end, NULL: nothing.
 */
void panel_event_list(const struct frame *f, struct rect r);
/* The steps that stand in its rows, 0 where none does. */
enum { PANEL_EVENT_ROWS = 512 };
void panel_event_rows(const struct frame *f, struct rect r, uint64_t rows[PANEL_EVENT_ROWS]);
const char *panel_event_filter(const struct frame *f);
/* The next step in a direction whose event the list shows; 0: there is none near.  *left: how many may be
 * looked at. */
uint64_t panel_event_next(const struct frame *f, uint64_t step, int by, int *left);

/* The bytes of a struct of the map with its fields, and a cursor (past its end: none), under a rule;
 * returns how many rows that takes, which are drawn only when r has them. */
int panel_sheet(const struct frame *f, struct rect area, unsigned object, uint32_t cursor);
/* The list of writes to the byte that was asked about, by its name; the row that is selected; its cache line
 * in time. */
void panel_who(const struct frame *f, struct rect r, const char *name);
size_t panel_who_row(const struct frame *f);
void panel_who_line(const struct frame *f, struct rect r);

#endif
