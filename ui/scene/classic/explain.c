/* The classic map's words: one bucket of 8 slots after the other; see ui/scene/explain.h. */
#include "ui/scene/classic/classic.h"

static const struct event_text text[EV_COUNT] = {
#define EVENT(name, NAME, ...) [EV_##NAME] = { classic_sentence_##name, classic_phrase_##name },
#include "trace/record/events/classic.def"
#undef EVENT
#define TEXT(name, NAME) [EV_##NAME] = { classic_sentence_##name, classic_phrase_##name },
	CLASSIC_COMMON(TEXT)
#undef TEXT
#define TEXT(name, NAME) [EV_##NAME] = { classic_sentence_##name, NULL },
	CLASSIC_SENTENCES(TEXT)
#undef TEXT
};

const struct explain explain_classic = { .kind = "classic", .text = text, .code = &classic_code, .fit = classic_fit, .align = classic_align };
