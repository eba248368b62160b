/* Markers: which events are one, and which kind.
 */
#ifndef UI_MARKER_H
#define UI_MARKER_H

#include "ui/find/scan.h"

enum marker {
#define MARKER(NAME, name, kind, kind2, at, at2, is, help) MARKER_##NAME,
#include "ui/find/markers.def"
#undef MARKER
	MARKERS
};
enum { MARKERS_ALL = (1 << MARKERS) - 1 };

/* Events before a marker that tell what it is, at most. */
enum { MARKER_BEFORE = 3 };

typedef bool marker_is(struct scan *s, uint32_t i);
struct marker_info {
	const char *name;
	uint16_t kind[2], at[2];
	marker_is *is;
	const char *help;
};
extern const struct marker_info marker_info[MARKERS];

/* The kind of marker that event i of the scan's chunk is, of those in set (1 << kind); -1: none.  Bookmarks
 * are no events. */
int marker_of(struct scan *s, uint32_t i, unsigned set);
/* The kinds of events that a kind of marker is made of. */
struct kind_set marker_kinds(enum marker m);
/* What to scan for; *set is borrowed. */
struct scan_query marker_query(const unsigned *set);

#endif
