/* The sentences of steps as text, one after the other: the replay for those who search or listen. */
#include "ui/ui.h"
#include "ui/grid/grid.h"
#include "ui/scene/words.h"
#include "ui/control/replay.h"

#include "trace/base/memory.h"

#include <stdlib.h>
#include <string.h>

struct ui_words {
	void *words;
	bool ascii;
	struct grid line; /* of ASCII: where glyphs become letters */
};

struct ui_words *ui_words_new(struct source *s)
{
	struct ui_words *w = memory_get(sizeof *w);
	w->ascii = locale_is_ascii();
	w->words = sentence_words.begin(s, w->ascii);
	grid_init(&w->line, w->ascii ? GRID_MAX_W : 0, 1, true);
	return w;
}

void ui_words_free(struct ui_words *w)
{
	sentence_words.end(w->words);
	grid_release(&w->line);
	free(w);
}

/* As the grid of a frame shows it. */
static void to_ascii(struct ui_words *w, char *text, size_t cap)
{
	grid_clear(&w->line);
	int end = grid_put(&w->line, grid_rect(&w->line), 0, 0, S_TEXT, text);
	size_t n = 0;
	for (int x = 0; x < end && x < w->line.w && n + 1 < cap; x++)
		text[n++] = (char)w->line.cell[x].ch;
	text[n] = 0;
}

int ui_words_at(struct ui_words *w, uint64_t step, char *out, size_t cap)
{
	if (sentence_words.at(w->words, step, out, cap) != 0)
		return -1;
	if (w->ascii)
		to_ascii(w, out, cap);
	return 0;
}
