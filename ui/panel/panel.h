/* Views: each draws one panel of a frame into its rect.  A new one is a function here, a line in the table of frame.c,
 * and a place in layout.c.
 */
#ifndef UI_VIEW_H
#define UI_VIEW_H

#include "ui/control/replay.h"

struct frame {
	struct grid *grid;
	const struct replay *replay;
	const struct scene *scene;
	const struct layout *layout;
	const struct timeline *timeline;
	struct spots *spots;   /* for the mouse; may be NULL */
};

typedef void view_draw(const struct frame *f, struct rect r);
view_draw view_title, view_hmap, view_strips, view_arrays, view_slots, view_tables, view_lines, view_hex, view_events,
	view_code, view_hash, view_sentence, view_timeline, view_transport, view_too_small, view_list;

/* Where the list over a frame is; row 0 of it is its border. */
struct rect view_list_rect(const struct replay *r, struct rect all);
/* Help over the frame, from row replay->help_from of it; returns the last row that it can begin with. */
int view_help(const struct frame *f, struct rect r);
/* A rule at row y of r with a title (reverse when the panel is in focus) and words at its right end. */
void view_rule(const struct frame *f, struct rect r, int y, enum panel p, const char *title, const char *right);
/* An empty box. */
void view_box(const struct frame *f, struct rect r);
/* The style of a part of a bucket. */
style part_style(enum part part);
/* "…8240": the last digits of an address, 4, or as many as tell two in view apart. */
void short_address(uint64_t addr, int digits, char *out, size_t cap);
/* A key and an elem side by side in width columns from x: the key at the left, the elem at the right. */
void view_entry(const struct frame *f, struct rect r, int x, int y, int width, const struct scene_bucket *b, int slot);
/* Is one of size bytes at addr watched? */
bool view_watched(const struct frame *f, uint64_t addr, uint64_t size);
/* A click on a slot of a bucket. */
struct spot view_slot_spot(const struct bucket_view *b, int slot);
/* n bytes from lo on, a cell each: those of the bucket, and of what it is part of. */
void view_line_cells(const struct frame *f, struct rect r, int x, int y, const struct scene_bucket *b, uint64_t lo, uint32_t n,
	const uint8_t *marks);
/* The names of the bucket's fields that have bytes among them, at most 13 columns. */
void view_line_label(const struct scene *s, const struct scene_bucket *b, uint64_t lo, uint32_t n, char *out, size_t cap);
/* The bar for 0 to 8 entries; 0 is blank. */
void view_bar(const struct frame *f, struct rect r, int x, int y, style s, unsigned entries);

#endif
