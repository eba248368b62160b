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
/* The same of all the bytes that an event is about: "hiter" where they are more than its first field. */
void event_place_phrase(const struct scene *s, const struct event *e, char *out, size_t cap);
/* The operation as in a workload: "put grapefruit 15". */
void operation_phrase(const struct scene *s, char *out, size_t cap);

#endif
