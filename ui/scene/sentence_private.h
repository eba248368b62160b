/* What the files of sentences share, those of the kinds of maps too. */
#ifndef UI_SENTENCE_PRIVATE_H
#define UI_SENTENCE_PRIVATE_H

#include "ui/scene/explain.h"
#include "ui/scene/sentence.h"

/* The events that ui/scene itself explains. */
#define SHARED_EVENTS(X) \
	X(alloc, ALLOC) \
	X(write, WRITE) \
	X(free, FREE) X(map, MAP) X(op, OP) X(phase, PHASE) X(done, DONE) X(fault, FAULT) X(say, SAY) \
		X(gc, GC) X(use, USE) X(second, SECOND) X(read, READ) X(core, CORE) X(atomic, ATOMIC) \
			X(span, SPAN) X(unspan, UNSPAN) X(swept, SWEPT) X(marking, MARKING) \
				X(barrier, BARRIER) X(shade, SHADE)
#define SHARED_SENTENCE(name) EXPLAIN_EVENT(shared_sentence_##name)
#define SHARED_PHRASE(name) EXPLAIN_EVENT(shared_phrase_##name)
#define DECLARE(name, NAME) explain_event shared_sentence_##name, shared_phrase_##name;
SHARED_EVENTS(DECLARE)
#undef DECLARE

struct quoted {
	char text[SCENE_TEXT + 8];
};
/* A key as it stands in a sentence: in quotes when it is text, cut when it is long. */
struct quoted quote(const struct scene *s, const char *key);
/* "the key", where it is not known. */
struct quoted some_key(void);
/* The key that is looked for. */
struct quoted wanted_key(const struct scene *s);

/* The event of the step before, NULL at the log's beginning. */
const struct event *event_before(const struct scene *s);

/* "Operation 3 begins: put kiwi 7", without a dot. */
void sentence_add_operation(struct builder *w, const struct scene *s);
/* "put kiwi 7.": the operation that runs. */
void sentence_add_second(struct builder *w, const struct scene *s);
/* How many bytes are allocated for what; which class has given them. */
void sentence_add_bytes(struct builder *w, const struct event *e);
void sentence_add_class(struct builder *w, const struct event *e);

#endif
