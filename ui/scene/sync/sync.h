/* What the files of sync.Map's words share. */
#ifndef UI_SCENE_SYNC_H
#define UI_SCENE_SYNC_H

#include "ui/scene/sentence_private.h"
#include "ui/scene/sync/code.h"

#include "trace/map/sync/sync.h"

/* Events of all kinds of maps that this one says otherwise. */
#define SYNC_SENTENCES(X) \
	X(op, OP) \
	X(use, USE) X(write, WRITE) X(read, READ) X(map, MAP) X(absent, ABSENT) X(found, FOUND) X(got, GOT) \
		X(item, ITEM) X(end, END)

#define SYNC_SENTENCE(name) EXPLAIN_EVENT(sync_sentence_##name)
#define SYNC_PHRASE(name) EXPLAIN_EVENT(sync_phrase_##name)
#define EVENT(name, NAME, ...) explain_event sync_sentence_##name, sync_phrase_##name;
#include "trace/record/events/sync.def"
#undef EVENT
#define DECLARE(name, NAME) explain_event sync_sentence_##name;
SYNC_SENTENCES(DECLARE)
#undef DECLARE

void sync_draw_code(const struct frame *f, const struct rect *r, int n);
void sync_draw_code_column(const struct frame *f, struct rect r);

unsigned sync_inner(struct scene *s, unsigned number);

/* The sync.Map as memory has it, when s->outer_ok. */
_Static_assert(sizeof(struct sync_view) <= SCENE_OUTER, "the scene has room for a sync.Map");
static inline const struct sync_view *sync_of(const struct scene *s)
{
	return (const struct sync_view *)s->outer_own;
}
enum { SYNC_SHOWN = 20000 }; /* entries that are walked for a frame: some milliseconds */

#endif
