/* How often a tophash said maybe where the key said no, up to the step in sight: a pass. */
#ifndef UI_FALSE_POSITIVES_H
#define UI_FALSE_POSITIVES_H

#include "trace/record/pass.h"

/* compared: with the tophash of an entry that has another key; equal: of these, by chance. */
struct false_positives {
	uint64_t compared, equal;
	uint32_t map;
	bool pending;
};

/* Asks for those of a map up to a step. */
void false_positives_ask(struct pass *p, struct source *source, uint32_t map, uint64_t step);
/* As far as they are counted; all zero before they were asked for. */
const struct false_positives *false_positives_now(const struct pass *p);

#endif
