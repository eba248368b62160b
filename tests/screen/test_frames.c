/* Rules that every frame keeps: each view, at each size, at a dozen steps of each sample.
 *
 * Each row is as wide as the frame.  A rule has a title where there is room for one, no rule stands directly
 * under another, and under a rule there is something to read.  The transport names the step.  Colours, themes
 * and the lack of them change no letter;
 * --ascii is ASCII.
 */
#include "tests/screen/screen.h"
#include "ui/grid/text.h"

#include <check.h>
#include <dirent.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	int w, h;
} sizes[] = { { 60, 16 }, { 80, 24 }, { 120, 40 }, { 160, 40 }, { 200, 60 } };
/* Each is pressed in a replay of its own; the first is the default. */
static const char *const views[] = { "", "O", "B", "Y", "W", "H", "C", "E", "T", "P", "V", "A", "I", "M", "K",
	"R", "L", "?", "'", "z", "Q", "F" };
enum {
	SIZES = sizeof sizes / sizeof sizes[0],
	VIEWS_TRIED = sizeof views / sizeof views[0],
	STEPS = 12,
	SAMPLES_MOST = 64,
	RULE_LEAST = 6
};

struct sight {
	const char *sample, *view;
	uint64_t step;
};
#define RULE(c, where, y, condition, what) \
	NEED(condition, "%s, view %s at %dx%d, step %u, row %d: %s\n%.3000s", (where)->sample, \
		(where)->view, (c)->grid.w, (c)->grid.h, (unsigned)(where)->step, y, what, \
		text_of(&(c)->grid, -1, 0))

/* A frame as text; theme -1: without escapes.  Its caller frees it. */
static char *text_of(const struct grid *g, int theme, int colours)
{
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);
	NEED(f && (theme < 0 ? grid_print(g, f) : grid_print_ansi(g, theme, colours, f)), "no memory");
	fclose(f);
	return text;
}

static const struct cell *cell_at(const struct grid *g, int x, int y)
{
	return &g->cell[y * g->w + x];
}

static bool is_line(const struct grid *g, int x, int y)
{
	const struct cell *c = cell_at(g, x, y);
	return (c->style & STYLE_ROLE) == S_RULE && (c->ch == 0x2500 || c->ch == '-');
}

/* Part of a border between columns, or of a rule that it meets. */
static bool is_border(const struct grid *g, int x, int y)
{
	const struct cell *c = cell_at(g, x, y);
	return (c->style & STYLE_ROLE) == S_RULE && c->ch != ' ' && !is_line(g, x, y);
}

/* Rules from column x of row y on, to the border or the edge. */
static bool rule_from(const struct grid *g, int x, int y, int *ret_end)
{
	int lines = 0, end = x;
	for (; end < g->w && !is_border(g, end, y); end++)
		lines += is_line(g, end, y);
	*ret_end = end;
	return is_line(g, x, y) && lines >= RULE_LEAST;
}

static void check_widths(const struct screen *c, const struct sight *w)
{
	for (int y = 0; y < c->grid.h; y++) {
		int width = 0;
		for (int x = 0; x < c->grid.w; x++)
			width += cell_at(&c->grid, x, y)->ch ? char_width(cell_at(&c->grid, x, y)->ch) : 0;
		RULE(c, w, y, width == c->grid.w, "it is not as wide as the frame");
	}
}

/* Is something to be read in columns x..end of the rows under y, before the next rule? */
static bool something_under(const struct grid *g, int x, int end, int y)
{
	for (y++; y < g->h - 1; y++) {
		int next;
		if (rule_from(g, x, y, &next))
			return false;
		for (int i = x; i < end; i++)
			if (cell_at(g, i, y)->ch != ' ' && !is_border(g, i, y))
				return true;
	}
	return false;
}

/* A foot has words, and a rule may stand under it. */
static bool is_bare(const struct grid *g, int y)
{
	for (int x = 0; x < g->w; x++)
		if (cell_at(g, x, y)->ch != ' ' && !is_line(g, x, y) && !is_border(g, x, y))
			return false;
	return true;
}

/* The last row of a table of slots tells of the overflow pointer; the tables beside it may have no words
 * there. */
static bool is_foot(const struct grid *g, int y)
{
	return y > 8 && cell_at(g, 2, y)->ch == 'o' && cell_at(g, 3, y)->ch == 'v' &&
		cell_at(g, 4, y)->ch == 'e';
}

/* The bottoms of boxes: their row begins in a corner. */
static bool is_bottom(const struct grid *g, int y)
{
	int x = 0;
	while (x + 1 < g->w && cell_at(g, x, y)->ch == ' ')
		x++;
	return cell_at(g, x, y)->ch == 0x2514 || cell_at(g, x, y)->ch == '+';
}

static void check_rules(const struct screen *c, const struct sight *w)
{
	const struct grid *g = &c->grid;
	for (int y = 0; y + 1 < g->h; y++)
		for (int x = 0, end; x < g->w; x = end + 1) {
			int both = 0;
			if (!rule_from(g, x, y, &end))
				continue;
			for (int i = x; i < end; i++) {
				both += is_line(g, i, y + 1);
				RULE(c, w, y,
					!(i + 3 < end && is_line(g, i, y) && is_line(g, i + 3, y) &&
						cell_at(g, i + 1, y)->ch == ' ' &&
						cell_at(g, i + 2, y)->ch == ' '),
					"its title is empty");
			}
			RULE(c, w, y, !is_bare(g, y) || both < RULE_LEAST, "a rule stands under it");
			RULE(c, w, y, is_foot(g, y) || is_bottom(g, y) || something_under(g, x, end, y),
				"nothing is under it, and no word says why");
		}
}

/* What a slot's mark says is what its words say; and the head of the slots names the operation whose deeds
 * these are. */
static void check_slots(const struct screen *c, const struct sight *w)
{
	char *text = text_of(&c->grid, -1, 0), *end;
	bool code = c->grid.w >= 160; /* beside the slots: it names both marks */
	for (char *line = text; (end = strchr(line, '\n')); line = end + 1) {
		*end = 0;
		RULE(c, w, 0, code || !(strstr(line, "evacuatedX") && strstr(line, "moved to Y")),
			"a slot marked X has moved to Y");
		RULE(c, w, 0, code || !(strstr(line, "evacuatedY") && strstr(line, "moved to X")),
			"a slot marked Y has moved to X");
		if (c->grid.w >= 80 && strncmp(line, "─ slot top", strlen("─ slot top")) == 0)
			RULE(c, w, 0,
				strstr(line, " this ") || strstr(line, "dropped") || strstr(line, "held"),
				"the operation is cut");
	}
	free(text);
}

static void check_transport(const struct screen *c, const struct sight *w)
{
	char *text = text_of(&c->grid, -1, 0), step[32];
	char *last = strrchr(text, '\n');
	*last = 0;
	last = strrchr(text, '\n') + 1;
	snprintf(step, sizeof step, "%u/%u", (unsigned)at(c), (unsigned)c->source->steps);
	RULE(c, w, c->grid.h - 1, strstr(last, step), "the transport does not name the step");
	free(text);
}

/* Takes escape sequences out of text; were they all without colour: none but 0, 1, 4 and 7? */
static bool strip(char *text)
{
	char *out = text;
	bool bare = true;
	for (const char *p = text; *p; p++) {
		if (*p != 27) {
			*out++ = *p;
			continue;
		}
		for (p++; *p && *p != 'm'; p++)
			bare = bare && (strchr("[;", *p) || (strchr("0147", *p) && strchr("m;", p[1])));
	}
	*out = 0;
	return bare;
}

static void check_colours(const struct screen *c, const struct sight *w)
{
	static const int colours[] = { 0, 16, 256 };
	char *plain = text_of(&c->grid, -1, 0);
	for (int theme = 0; theme_name(theme); theme++)
		for (size_t i = 0; i < sizeof colours / sizeof colours[0]; i++) {
			char *text = text_of(&c->grid, theme, colours[i]);
			bool bare = strip(text);
			RULE(c, w, 0, colours[i] || bare, "there is colour");
			RULE(c, w, 0, strcmp(text, plain) == 0, "colour changes the text");
			free(text);
		}
	free(plain);
}

static void check_ascii(const struct screen *c, const struct sight *w)
{
	for (int y = 0; y < c->grid.h; y++)
		for (int x = 0; x < c->grid.w; x++)
			RULE(c, w, y,
				cell_at(&c->grid, x, y)->ch >= ' ' && cell_at(&c->grid, x, y)->ch <= '~',
				"this is not ASCII");
}

static void check_frame(const struct screen *c, const struct sight *w, bool colours)
{
	check_widths(c, w);
	if (!c->replay.state.help && c->replay.find.list == LIST_NONE) /* a box over a frame cuts its rules */
		check_rules(c, w);
	check_slots(c, w);
	if (strcmp(w->view, "Q") != 0) /* predict has its score there */
		check_transport(c, w);
	if (colours)
		check_colours(c, w);
}

/* One view of one recording at all sizes and steps, and at one of these in every colour and in ASCII. */
static void check_view(struct source *s, struct sight *w)
{
	struct ui_options plain = { .fleeting = true }, ascii = { .fleeting = true, .ascii = true };
	for (int size = 0; size < SIZES; size++)
		for (int turn = 0; turn < 2; turn++) {
			struct screen c;
			screen_open(&c, s, turn ? &ascii : &plain, sizes[size].w, sizes[size].h);
			press(&c, w->view);
			for (int i = turn ? STEPS : 0; i <= STEPS; i++) {
				w->step = s->steps * (uint64_t)i / STEPS;
				replay_go(&c.replay, w->step);
				work(&c);
				check_frame(&c, w, i == STEPS - 2);
				if (turn)
					check_ascii(&c, w);
			}
			screen_close(&c);
		}
}

/* ---- the samples ---- */

static char *samples[SAMPLES_MOST];
static int sample_count;

static void find_samples(void)
{
	const char *top = getenv("srcdir");
	char path[512];
	snprintf(path, sizeof path, "%s/samples", top ? top : ".");
	DIR *d = opendir(path);
	for (struct dirent *e; d && (e = readdir(d));) {
		size_t n = strlen(e->d_name);
		if (n < 4 || strcmp(e->d_name + n - 4, ".map") != 0 || sample_count == SAMPLES_MOST)
			continue;
		snprintf(path, sizeof path, "%s/samples/%s", top ? top : ".", e->d_name);
		samples[sample_count++] = strdup(path);
	}
	if (d)
		closedir(d);
}

static char *read_whole(const char *path)
{
	char *text = calloc(1, 1 << 20);
	FILE *f = fopen(path, "r");
	NEED(f && text, "%s cannot be opened", path);
	size_t n = fread(text, 1, (1 << 20) - 1, f);
	NEED(n > 0, "%s is empty", path);
	fclose(f);
	return text;
}

START_TEST(test_samples)
{
	char *workload = read_whole(samples[_i]);
	struct source *s = record(workload);
	for (int v = 0; v < VIEWS_TRIED; v++) {
		struct sight w = { .sample = samples[_i], .view = views[v] };
		check_view(s, &w);
	}
	s->close(s);
	free(workload);
}
END_TEST

/* ---- keys that come before any work ---- */

/* Opens a view and presses a key, Enter, Up and Enter; nothing is computed, and frames are drawn or not: keys
 * that wait are all taken before a frame. */
static void press_at_once(
	struct source *s, const int size[2], uint64_t step, enum action view, enum action key, bool frames)
{
	const struct ui_options o = { .step = step, .fleeting = true };
	const char *lists[] = { action_info[view].keys, action_info[key].keys, "Enter", "Up", "Enter" };
	struct replay r;
	struct grid g;
	replay_init(&r, s, &o);
	grid_init(&g, size[0], size[1], false);
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		const char *list = lists[i];
		if (frames)
			replay_draw(&r, &g);
		replay_key(&r, key_parse(&list));
	}
	replay_draw(&r, &g);
	grid_release(&g);
	replay_release(&r);
}

START_TEST(test_keys_at_once)
{
	static const int small[][2] = { { 80, 24 }, { 40, 12 }, { 30, 8 } };
	char *workload = read_whole(samples[_i]);
	struct source *s = record(workload);
	for (int view = 1; view < ACTIONS; view++)
		for (int key = 1; key < ACTIONS && action_info[view].group == GROUP_VIEW; key++)
			for (int size = 0; size < 3 && key != ACTION_SAVE; size++) { /* it would write files */
				uint64_t step = s->steps * (uint64_t)((view + key + size) % 3) / 2;
				press_at_once(
					s, small[size], step, (enum action)view, (enum action)key, false);
				press_at_once(
					s, small[size], step, (enum action)view, (enum action)key, true);
			}
	s->close(s);
	free(workload);
}
END_TEST

int main(void)
{
	setlocale(LC_ALL, "");
	find_samples();
	Suite *suite = suite_create("frames");
	TCase *tc = tcase_create("frames");
	tcase_set_timeout(tc, 300);
	tcase_add_loop_test(tc, test_samples, 0, sample_count ? sample_count : 1);
	tcase_add_loop_test(tc, test_keys_at_once, 0, sample_count ? sample_count : 1);
	suite_add_tcase(suite, tc);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
