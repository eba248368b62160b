/* One frame as text, after some keys: the replay without a terminal. */
#include "ui/control/replay.h"
#include "ui/grid/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

const char *ui_theme_name(int i)
{
	return theme_name(i);
}

static void press_key(struct replay *r, struct grid *g, int key)
{
	replay_key(r, key);
	replay_draw(r, g); /* each key is followed by a frame, as on a terminal */
	bool worked = false;
	while (replay_work(r))
		worked = true;
	if (worked)
		replay_draw(r, g);
}

/* "390g", ":op", "50%": a word that is no key's name is typed, as tmux types it; but one of letters only is a
 * misspelt name.  Leaves *keys behind it. */
static bool press_word(struct replay *r, struct grid *g, const char **keys)
{
	size_t n = strcspn(*keys, " \t\n"), letters = 0;
	for (size_t i = 0; i < n; i++) {
		char c = (*keys)[i];
		if (c <= ' ' || c > '~')
			return false;
		letters += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
	}
	if (letters == n)
		return false;
	for (size_t i = 0; i < n; i++)
		press_key(r, g, (*keys)[i]);
	*keys += n;
	return true;
}

static int press(struct replay *r, struct grid *g, const char *keys, char *error, size_t cap)
{
	int key;
	while ((key = key_parse(&keys)) != 0)
		if (key > 0)
			press_key(r, g, key);
		else if (!press_word(r, g, &keys))
			break;
	if (key < 0)
		snprintf(error, cap,
			_("there is no key \"%.*s\"; keys have tmux's names: Right, PageDown, Enter, C-l, x"),
			(int)strcspn(keys, " \t\n"), keys);
	return key;
}

int ui_show(struct source *s, const struct ui_options *o, uint64_t step, int w, int h, const char *keys,
	FILE *out)
{
	struct replay r;
	struct grid g;
	struct ui_options options = *o;
	int theme = o->theme ? theme_find(o->theme) : 0, ret = 0;
	if (theme < 0) {
		snprintf(s->error, sizeof s->error, _("there is no theme \"%s\""), o->theme);
		return -1;
	}
	options.step = step;
	options.fleeting = true; /* printing a frame writes no file that nobody asked for */
	replay_init(&r, s, &options);
	grid_init(&g, w, h, r.state.ascii);
	replay_draw(&r, &g);
	if (keys && press(&r, &g, keys, s->error, sizeof s->error) < 0)
		ret = -1;
	if (ret == 0 && r.state.broken) {
		if (r.state.message[0]) /* else a key has cleared it: the recording says it still */
			snprintf(s->error, sizeof s->error, "%s", r.state.message);
		ret = -1;
	}
	int colours = o->colour == UI_COLOUR_NONE ? 0 : o->colour == UI_COLOUR_16 ? 16 : 256;
	if (ret == 0 && !(o->ansi ? grid_print_ansi(&g, r.state.theme, colours, out) : grid_print(&g, out)) &&
		errno != EPIPE) { /* a reader that has seen enough is no failure */
		snprintf(s->error, sizeof s->error, "%s", _("the frame cannot be written"));
		ret = -1;
	}
	grid_release(&g);
	replay_release(&r);
	return ret;
}
