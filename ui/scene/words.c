/* The sentences of any steps; see words.h. */
#include "ui/scene/words.h"
#include "ui/scene/sentence.h"

#include "trace/base/memory.h"

#include <stdio.h>
#include <stdlib.h>

struct reader_of_words {
	struct player player;
	struct log log;
	bool ascii;
};

static void *begin(struct source *s, bool ascii)
{
	struct reader_of_words *w = memory_get(sizeof *w);
	player_init(&w->player, s);
	w->ascii = ascii;
	return w;
}

static int at(void *state, uint64_t step, char *out, size_t cap)
{
	struct reader_of_words *w = state;
	struct source *s = w->player.source;
	static const struct hold nothing;
	struct scene scene;
	if (player_seek(&w->player, step) != 0 || log_seek(&w->log, &w->player, step) != 0) {
		if (w->player.error[0])
			snprintf(s->error, sizeof s->error, "%s", w->player.error);
		return -1;
	}
	scene_make(&scene, &w->player, &w->log, NULL, &nothing, w->ascii);
	sentence_make(&scene, out, cap);
	return 0;
}

static void end(void *state)
{
	struct reader_of_words *w = state;
	player_release(&w->player);
	log_release(&w->log);
	free(w);
}

const struct words_maker sentence_words = { begin, at, end };
