/* What is typed after a slash, and what it finds.
 *
 *     grapefruit     operations that say so, events of that name or whose sentence says so, narration,
 *                    moves of such a key
 *     k grapefruit   only operations
 *     e overflow     only events
 *     x 0a87         these bytes, written one after the other, or a hash with these digits
 */
#ifndef UI_SEARCH_H
#define UI_SEARCH_H

#include "ui/find/scan.h"

enum { SEARCH_TEXT = 200, SEARCH_BYTES = 64 };

struct search {
	bool set;
	char text[SEARCH_TEXT];  /* as typed */
	char words[SEARCH_TEXT]; /* what is looked for */
	bool operations, events;
	struct kind_set kinds; /* all events of these kinds match */
	uint8_t bytes[SEARCH_BYTES];
	size_t n; /* 0: words */
	char digits[2 * SEARCH_BYTES + 1];
};

/* false: error says why. */
bool search_parse(struct search *q, const char *text, char *error, size_t cap);
bool search_operation(const struct search *q, const struct operation *o);
/* What to scan for among events; q is borrowed. */
struct scan_query search_query(const struct search *q);

#endif
