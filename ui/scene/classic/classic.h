/* What the files of the classic map's words share. */
#ifndef UI_SCENE_CLASSIC_H
#define UI_SCENE_CLASSIC_H

#include "ui/scene/sentence_private.h"

/* The events of which this kind has both a sentence and a phrase; those that all maps have and that it says otherwise. */
#define CLASSIC_EVENTS(X) \
	X(header, HEADER) X(hash, HASH) X(bucket, BUCKET) X(evacuated, EVACUATED) X(tophash, TOPHASH) X(length, LENGTH) X(key, KEY) \
	X(chain, CHAIN) X(found, FOUND) X(absent, ABSENT) X(got, GOT) X(insert, INSERT) X(overflow, OVERFLOW) X(check, CHECK) \
	X(remove, REMOVE) X(backfill, BACKFILL) X(reseed, RESEED) X(growth, GROWTH) X(evacuate, EVACUATE) X(move, MOVE) \
	X(moved, MOVED) X(mark, MARK) X(grown, GROWN) X(iterinit, ITERINIT) X(iterbucket, ITERBUCKET) X(iterslot, ITERSLOT) \
	X(item, ITEM) X(end, END) X(read, READ)
#define CLASSIC_OVERRIDES(X) X(alloc, ALLOC) X(write, WRITE) X(op, OP) X(phase, PHASE) X(map, MAP) X(fault, FAULT) \
	X(rival, RIVAL)

#define CLASSIC_SENTENCE(name) EXPLAIN_EVENT(classic_sentence_##name)
#define CLASSIC_PHRASE(name) EXPLAIN_EVENT(classic_phrase_##name)
#define DECLARE(name, NAME) explain_event classic_sentence_##name, classic_phrase_##name;
CLASSIC_EVENTS(DECLARE)
#undef DECLARE
#define DECLARE(name, NAME) explain_event classic_sentence_##name;
CLASSIC_OVERRIDES(DECLARE)
#undef DECLARE

/* Which variant's search runs: a loop looks a moved key up by the general one, whatever the map is. */
enum map_variant search_variant(const struct scene *s);
/* A delete asks about the slot behind first, then goes backwards: is e, a back-fill's look or its walk along the chain,
 * of the second kind? */
bool backfill_goes_back(const struct scene *s, const struct event *e);
/* The key of the slot in focus. */
struct quoted slot_key(const struct scene *s);

#endif
