/* What happens at a step, in a sentence or two for people: at most 160 columns, from what was really read.
 */
#ifndef UI_SENTENCE_H
#define UI_SENTENCE_H

#include "ui/scene/scene.h"

enum { SENTENCE_MAX = 1024 };

/* The sentence of the scene's step. */
void sentence_make(const struct scene *s, char *out, size_t cap);
/* One event in a few words, for lists: "write 3.0:6 top 88 → 03". */
void event_phrase(const struct scene *s, const struct event *e, char *out, size_t cap);
/* "hmap.flags", "new 3.0:2 key": what lies at a place. */
void place_phrase(const struct scene *s, const struct place *p, char *out, size_t cap);
/* The operation as in a workload: "put grapefruit 15". */
void operation_phrase(const struct scene *s, char *out, size_t cap);
/* hmap.flags in words: "4=writing". */
void flags_phrase(unsigned flags, char *out, size_t cap);

/* Which variant's search runs: a loop looks a moved key up by the general one, whatever the map is. */
enum map_variant search_variant(const struct scene *s);
/* Does the search that runs end at emptyRest?  Puts, the general variant, and gets of strings from one bucket
 * do. */
bool search_stops(const struct scene *s);

/* A delete asks about the slot behind first, then goes backwards: is e, a back-fill's look or its walk along
 * the chain, of the second kind? */
bool backfill_goes_back(const struct scene *s, const struct event *e);

#endif
