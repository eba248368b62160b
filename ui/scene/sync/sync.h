/* What the files of sync.Map's words share. */
#ifndef UI_SCENE_SYNC_H
#define UI_SCENE_SYNC_H

#include "ui/scene/sentence_private.h"
#include "ui/scene/sync/code.h"

/* Events of all kinds of maps that this one says otherwise. */
#define SYNC_SENTENCES(X) \
	X(op, OP) X(use, USE) X(write, WRITE) X(read, READ) X(map, MAP) X(absent, ABSENT) X(found, FOUND) X(got, GOT) X(item, ITEM)

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

#endif
