/* The head of a frame: its title. */
#include "ui/panel/panel.h"
#include "ui/scene/explain.h"
#include "ui/scene/sentence.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- title ---- */

/* What is watched is memory: a bucket may have become one of the old array since, or be gone. */
static void watched_words(const struct scene *s, const struct watch *w, char *out, size_t cap)
{
	char label[48] = "";
	int n = snprintf(out, cap, "◊ %s", w->name);
	if ((strncmp(w->name, "new ", 4) != 0 && strncmp(w->name, "old ", 4) != 0) || n < 0 ||
		(size_t)n >= cap)
		return;
	struct place p = scene_place(s, w->part[0].addr);
	bool there = p.kind == PLACE_GROUP && !p.kept;
	if (there)
		group_label(s, &p.group, true, label, sizeof label);
	if (!there)
		snprintf(out + n, cap - (size_t)n, "%s", _(", not there"));
	else if (strncmp(w->name, label, strlen(label)) != 0)
		snprintf(out + n, cap - (size_t)n, _(", here %s"), label);
}

void panel_title(const struct frame *f, struct rect r)
{
	const struct scene *s = f->scene;
	const struct source *src = f->state->source;
	char name[256], clean[256], piece[4][128] = { "" };
	const char *view = f->name;
	scene_clean(s, src->name, clean, sizeof clean);
	text_fit(clean, r.w * 2 / 5, name, sizeof name);
	if (s->map) {
		explain_title(s, piece[0], sizeof piece[0]);
		if (f->state->options.release_note)
			snprintf(piece[1], sizeof piece[1], "%s", f->state->options.release_note);
		else
			snprintf(piece[1], sizeof piece[1], "go%s %s", s->map->go, s->map->arch);
		snprintf(piece[2], sizeof piece[2], _("seed %" PRIu64), s->map->seed);
		if (src->maps > 1)
			snprintf(piece[3], sizeof piece[3], _("map %u of %u: %s"), (unsigned)s->map->map,
				src->maps, s->map->name);
	}
	char watched[WATCH_NAME + 80] = "", fit[WATCH_NAME + 80] = "";
	if (f->find->watch.parts) {
		watched_words(s, &f->find->watch, watched, sizeof watched);
		text_fit(watched, r.w / 3, fit, sizeof fit);
	}
	if (f->find->follow.on) {
		char key[SCENE_TEXT], shown[64], both[WATCH_NAME + 200];
		scene_clean(s, f->find->follow.key, key, sizeof key);
		text_fit(key, 16, shown, sizeof shown);
		snprintf(both, sizeof both, "%s%s◆ %s%s", fit, fit[0] ? "  " : "", shown,
			f->follows ? "" : _(", not there"));
		text_fit(both, r.w / 3, fit, sizeof fit);
	}
	int room = r.w - text_width(view) - 2 - (fit[0] ? text_width(fit) + 2 : 0);
	int x = grid_put(f->grid, r, 1, 0, S_TITLE, "mapscope");
	x = grid_put(f->grid, r, x + 2, 0, S_TEXT, name);
	if (!src->complete)
		x = grid_put(f->grid, r, x + 2, 0, S_ERROR, _("cut off"));
	for (int i = 0; i < 4; i++)
		if (piece[i][0] && x + 2 + text_width(piece[i]) < room)
			x = grid_put(f->grid, r, x + 2, 0, S_LABEL, piece[i]);
	if (fit[0])
		grid_put_right(f->grid, r, r.w - 3 - text_width(view), 0, S_LABEL, fit);
	grid_put_right(f->grid, r, r.w - 1, 0, S_TITLE, view);
}
