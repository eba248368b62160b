/* An object in memory in hex: what the view of bytes and those of headers draw. */
#ifndef UI_SHEET_H
#define UI_SHEET_H

#include "ui/panel/panel.h"

enum {
	SHEET_LABEL = 11,
	SHEET_WORD = 18,
	SHEET_SIDE = 28
}; /* columns: the label, a word, at least what stands beside it */

struct sheet {
	const struct frame *f;
	struct rect r; /* rows of hex */
	struct object_view o;
	uint8_t marks[GROUP_MAX];
	uint32_t row;    /* bytes a row */
	int lines, each; /* cache lines; screen rows that each takes */
	uint32_t byte;
};

void sheet_make(struct sheet *h, const struct frame *f, struct rect area, unsigned object);
/* Draws h->r; returns the row after the last. */
int sheet_draw(const struct sheet *h);
/* Bytes of a row in w columns, for cache lines of so many bytes. */
uint32_t sheet_row_bytes(int w, uint32_t line);
/* From a byte of an object of size bytes to another of it, by an arrow; row: bytes a row. */
uint32_t sheet_byte_moved(uint32_t byte, uint32_t size, int64_t row, enum action a, uint64_t n);
/* The part that a byte belongs to, named as in "new 3.0:2 key". */
void sheet_watch(struct watch *w, const struct object_view *o, const struct scene *s, uint32_t byte);

#endif
