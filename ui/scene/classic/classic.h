/* What the files of the classic map's words share. */
#ifndef UI_SCENE_CLASSIC_H
#define UI_SCENE_CLASSIC_H

#include "ui/scene/sentence_private.h"

#include "trace/map/kind.h"

/* Events of all kinds of maps that this one says otherwise, in sentences and phrases; in sentences only. */
#define CLASSIC_COMMON(X) \
	X(hash, HASH) \
	X(found, FOUND) \
	X(absent, ABSENT) \
	X(got, GOT) X(insert, INSERT) X(remove, REMOVE) X(item, ITEM) X(end, END) X(read, READ)
#define CLASSIC_SENTENCES(X) \
	X(alloc, ALLOC) X(write, WRITE) X(op, OP) X(phase, PHASE) X(map, MAP) X(fault, FAULT) X(rival, RIVAL)

#define CLASSIC_SENTENCE(name) EXPLAIN_EVENT(classic_sentence_##name)
#define CLASSIC_PHRASE(name) EXPLAIN_EVENT(classic_phrase_##name)
#define EVENT(name, NAME, ...) explain_event classic_sentence_##name, classic_phrase_##name;
#include "trace/record/events/classic.def"
#undef EVENT
#define DECLARE(name, NAME) explain_event classic_sentence_##name, classic_phrase_##name;
CLASSIC_COMMON(DECLARE)
#undef DECLARE
#define DECLARE(name, NAME) explain_event classic_sentence_##name;
CLASSIC_SENTENCES(DECLARE)
#undef DECLARE

extern const struct explain_code classic_code;
extern const struct series_kind classic_series;
extern const struct control_kind classic_controls;
void classic_align(struct builder *w, const struct scene *a, const struct scene *b);
void classic_fit(struct builder *w, const struct scene *s, uint32_t line);

/* Which variant's search runs: a loop looks a moved key up by the general one, whatever the map is. */
enum map_variant search_variant(const struct scene *s);
/* A delete asks about the slot behind first, then goes backwards: is e, a back-fill's look or its walk along
 * the chain, of the second kind? */
bool backfill_goes_back(const struct scene *s, const struct event *e);
/* The key of the slot in focus. */
struct quoted slot_key(const struct scene *s);

/* flags of hmap in words: "4=writing". */
void flags_phrase(unsigned flags, char *out, size_t cap);
/* Does the search that runs end at emptyRest?  Puts, the general variant, and gets of strings from one bucket
 * do. */
bool search_stops(const struct scene *s);

/* See struct explain. */
void classic_field(const struct scene *s, const struct field *f, char *out, size_t cap);
void classic_byte(const struct scene *s, const struct scene_group *b, enum location_part part, int slot,
	char *out, size_t cap);
void classic_line(const struct scene *s, int width, char *out, size_t cap);
bool classic_left(const struct map_group *first);
void classic_open(struct scene *s);
void classic_walk(struct scene *s, const struct event *e);
bool classic_second_runs(const struct scene *s);
void classic_cost(struct op_cost *c, const struct event *e, enum phase phase);
void classic_finish(struct scene *s, const struct hold *hold);
/* The main bucket index of an array; what follows it in its chain, in place.  false: none. */
bool classic_first(const struct scene *s, unsigned array, uint64_t index, struct map_group *ret);
bool classic_next(const struct scene *s, struct map_group *b);
bool classic_place(const struct scene *s, uint64_t addr, struct place *ret);
void classic_label(const struct scene *s, const struct map_group *b, bool always, char *out, size_t cap);
const char *classic_role(const struct scene *s, const struct scene_group *b, bool other);
bool classic_moved(const struct scene *s, const struct map_group *g, int slot, struct hold *ret);
void classic_place_phrase(const struct scene *s, const struct place *p, char *out, size_t cap);

#endif
