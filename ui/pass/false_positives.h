/* How often a control byte said maybe where the key said no, up to the step in sight: a pass. */
#ifndef UI_FALSE_POSITIVES_H
#define UI_FALSE_POSITIVES_H

#include "trace/record/pass.h"

/* What an event says of the search for a key. */
enum control_news {
	CONTROL_NOTHING,
	CONTROL_FREE,    /* the control byte of a slot without an entry is read */
	CONTROL_DIFFERS, /* that of an entry, which is not the one wanted */
	CONTROL_EQUAL,   /* which is */
	CONTROL_KEY_DIFFERS,
	CONTROL_KEY_EQUAL
};
/* How a kind of map tells it. */
struct control_kind {
	struct kind_set (*kinds)(void); /* of events that say something */
	enum control_news (*news)(const struct event *e);
};

struct false_positives_about {
	uint32_t map;
	const struct control_kind *kind;
};

/* compared: with the control byte of an entry that has another key; equal: of these, by chance. */
struct false_positives {
	uint64_t compared, equal;
	struct false_positives_about about;
	bool pending;
};

/* Asks for those of a map up to a step. */
void false_positives_ask(
	struct pass *p, struct source *source, uint32_t map, const struct control_kind *kind, uint64_t step);
/* As far as they are counted; all zero before they were asked for. */
const struct false_positives *false_positives_now(const struct pass *p);

#endif
