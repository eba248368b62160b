/* What the files of sync.Map's words share. */
#ifndef UI_SCENE_SYNC_H
#define UI_SCENE_SYNC_H

#include "ui/scene/sentence_private.h"

/* The events of which this kind has both a sentence and a phrase; those that all maps have and that it says otherwise. */
#define SYNC_EVENTS(X) \
	X(syncread, SYNCREAD) X(mutex, MUTEX) X(miss, MISS) X(promote, PROMOTE) X(amended, AMENDED) X(dirtycopy, DIRTYCOPY) \
	X(entry, ENTRY) X(cas, CAS) X(expunge, EXPUNGE) X(unexpunge, UNEXPUNGE)
#define SYNC_OVERRIDES(X) X(op, OP) X(use, USE) X(write, WRITE) X(read, READ) X(map, MAP) X(absent, ABSENT) X(found, FOUND) X(got, GOT) X(item, ITEM)

#define SYNC_SENTENCE(name) EXPLAIN_EVENT(sync_sentence_##name)
#define SYNC_PHRASE(name) EXPLAIN_EVENT(sync_phrase_##name)
#define DECLARE(name, NAME) explain_event sync_sentence_##name, sync_phrase_##name;
SYNC_EVENTS(DECLARE)
#undef DECLARE
#define DECLARE(name, NAME) explain_event sync_sentence_##name;
SYNC_OVERRIDES(DECLARE)
#undef DECLARE

#endif
