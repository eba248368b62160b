/* The key that an event is about: the one place in the program that knows.
 *
 *     about_init(&a, source);  about_begin(&a, op);
 *     for each event behind, in order, once it has been applied to memory r:
 *             about_event(&a, r, e);
 *             if (about_key(&a, r, e, &what, key, sizeof key)) ...
 *
 * What a kind's events say stands in its folder (struct map_kind_ops, key); here is which operation they
 * belong to, and the key as text: as slots show it (VALUE_HUMAN), as operation.key has it.
 */
#ifndef TRACE_MAP_ABOUT_H
#define TRACE_MAP_ABOUT_H

#include "trace/map/kind.h"
#include "trace/record/source.h"

enum { ABOUT_KEY = 4096, ABOUT_VIEWS = 4 };

struct about {
	struct source *source; /* borrowed */
	uint64_t op;           /* begun in the events so far */
	enum op_kind kind;     /* of it */
	uint32_t map;
	bool has_own, has_call;
	char own[ABOUT_KEY],
		call[ABOUT_KEY];           /* the operation's key; that of the call under way: of an item */
	struct map_view view[ABOUT_VIEWS]; /* of maps by their types alone; by number */
	uint32_t viewed[ABOUT_VIEWS];
};

void about_init(struct about *a, struct source *source);
/* The events that follow are behind the beginning of operation op (0: before the first). */
void about_begin(struct about *a, uint64_t op);
/* The next event; r has the memory after it. */
void about_event(struct about *a, const struct reader *r, const struct event *e);
/* What the event that was given last says of a key; key gets it.  false: it is about none. */
bool about_key(struct about *a, const struct reader *r, const struct event *e, struct event_key *ret,
	char *key, size_t cap);
/* Map number (from 1) by its types alone, with memory r; for shape and slot. */
const struct map_view *about_view(struct about *a, const struct reader *r, uint32_t map);

#endif
