/* What the files of sentences share. */
#ifndef UI_SENTENCE_PRIVATE_H
#define UI_SENTENCE_PRIVATE_H

#include "ui/scene/sentence.h"

/* A sentence that grows at its end. */
struct words { char *out; size_t cap, n; };
void words_add(struct words *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct quoted { char text[SCENE_TEXT + 8]; };
/* A key as it stands in a sentence: in quotes when it is text, cut when it is long. */
struct quoted quote(const struct scene *s, const char *key);
/* The key that is looked for; the key of the slot in focus. */
struct quoted wanted_key(const struct scene *s);
struct quoted slot_key(const struct scene *s);

/* The event of the step before, NULL at the log's beginning. */
const struct event *event_before(const struct scene *s);

void sentence_memory(struct words *w, const struct scene *s, const struct event *e);
void sentence_alloc(struct words *w, const struct scene *s, const struct event *e);
void sentence_free(struct words *w, const struct event *e);
void sentence_heap(struct words *w, const struct scene *s, const struct event *e);
/* The events of sync.Map; and of those that all maps have, what is to be said otherwise of a sync.Map (false: nothing). */
void sentence_sync(struct words *w, const struct scene *s, const struct event *e);
bool sentence_sync_own(struct words *w, const struct scene *s, const struct event *e);
/* The key of an entry, as it stands in a sentence. */
enum { SYNC_SHOWN = 20000 }; /* entries that are walked for a frame: some milliseconds */
struct quoted sync_entry_key(const struct scene *s, uint64_t entry);
void sentence_find(struct words *w, const struct scene *s, const struct event *e);
void sentence_change(struct words *w, const struct scene *s, const struct event *e);
void sentence_loop(struct words *w, const struct scene *s, const struct event *e);

#endif
