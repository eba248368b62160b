/* The screen without a terminal: grid, widths, line editor, keys, layouts, frames.
 *
 * Frames come from real recordings made here in memory.  Golden frames are in tests/screen/frames;
 * MAPSCOPE_REGENERATE=1 in the environment writes them anew.
 */
#include "tests/screen/screen.h"
#include "ui/grid/grid.h"
#include "ui/state/keys.h"
#include "ui/state/layout.h"
#include "ui/state/prompt.h"
#include "ui/grid/text.h"
#include "ui/scene/classic/classic.h"
#include "ui/scene/classic/hashes.h"
#include "ui/scene/classic/overview.h"
#include "ui/scene/sentence.h"
#include "ui/ui.h"

#include "trace/record/walk.h"

#include <check.h>
#include <ctype.h>
#include <dirent.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Everything that can be drawn, once: deletes, loops during a growth, indirect values, faults, words,
 * garbage. */
/* A collection whose barrier has shaded what is dead by then, and a map on the stack. */
static const char heap[] =
	"map string string seed=230 name=fruit\nput apple red\nput banana yellow\n"
	"put \"fig, the fruit of the tree Ficus carica\" \"violet, with a white bloom\"\nput cherry red\ngc "
	"mark\nput banana green\n"
	"del \"fig, the fruit of the tree Ficus carica\"\nput grape blue\ngc\ngc\nfill 0 12\n"
	"map string string name=local seed=7 place=stack\nput kiwi green\nmap int64 int64 name=big seed=5 "
	"hint=3000\nput 1 1\ngc\n";
static const char mixed[] =
	"map string string seed=7\nsay \"wide and hostile keys\"\nput 芒果 一\nput \"e\\u0301te\\u0301\" "
	"combining\n"
	"put \"\\x00\\x1b[31m\\u202e\" \"\\xff\"\nput \"\" empty\nfill 0 30\niter i\nnext i 5\nfill 30 "
	"60\nnext i all\ndrain 0 40\n"
	"range\nclear\ngc\n"
	"map int64 int64 seed=3 name=n\nfill 0 60\nprobe 55 65\ndrain 10 60\nfill 100 140\n"
	"map [200]byte [300]byte seed=4 name=big\nfill 0 12\nprobe 0 14\ndrain 0 4\n"
	"map any struct{} seed=5 name=a\nput text {}\nput 7 {}\nput 2.5 {}\nput []int{} {}\nget nil\n"
	"map float64 bool seed=6 name=f\nput NaN true\nput -0 false\nput 0 true\nfill 0 20\nrange\n"
	"nilmap string int64\nget x\nput x 1\n"
	"use n\nrace put 1 2 | put 3 4\n";

static const char sync_map[] = "syncmap string int64 seed=230\nput apple 1\nput banana 2\nput cherry 3\nget "
			       "apple\nget banana\nget cherry\n"
			       "del apple\nput durian 4\nget fig\nput apple 11\nrange\n";

/* Thousands of buckets, and a growth under way at the end. */
static const char sharing[] = "map int64 int64 seed=7 name=m1\nmap int64 int64 seed=8 name=m2\ncounter "
			      "a\ncounter b\nadd a\ncore 1 add b\n"
			      "add a\ncore 1 add b\ncore 2 counter c pad=64\ncore 2 add c\ncore 3 add c\nuse "
			      "m1\nput 1 10\nuse m2\ncore 1 put 1 10\nuse m1\nput 2 20\n"
			      "core 2 get 1\nuse m2\ncore 1 put 2 20\nfill 0 12\ngc\nadd a\n";
static const char many[] = "map string int64 seed=3\nfill 0 240\n";
static const char big[] = "map string int64 seed=230\nfill 0 14000\n";

/* ---- text and grid ---- */

START_TEST(test_widths)
{
	char out[64];
	ck_assert_int_eq(text_width("abc"), 3);
	ck_assert_int_eq(text_width("芒果"), 4);
	ck_assert_int_eq(text_width("e\u0301"), 1);
	text_fit("strawberry", 6, out, sizeof out);
	ck_assert_str_eq(out, "straw…");
	text_fit("芒果汁", 4, out, sizeof out); /* half of a wide character would be left: a blank instead */
	ck_assert_str_eq(out, "芒… ");
	text_fit("芒果", 4, out, sizeof out);
	ck_assert_str_eq(out, "芒果");
	text_fit("e\u0301e\u0301e\u0301", 2, out, sizeof out);
	ck_assert_str_eq(out, "e\u0301…");
	text_fit_middle("prefix-0001", 8, out, sizeof out);
	ck_assert_int_eq(text_width(out), 8);
	ck_assert_str_eq(out, "pref…001");
	text_fit("abc", 0, out, sizeof out);
	ck_assert_str_eq(out, "");
}
END_TEST

START_TEST(test_utf8)
{
	const char *s = "\xff\xc0\xaf\xe8\x8a";
	for (int i = 0; i < 4; i++)
		ck_assert_uint_eq(utf8_next(&s), 0xfffd);
	while (utf8_next(&s)) {
	}
	ck_assert_int_eq(*s, 0);
	for (uint32_t ch = 1; ch < 0x110000; ch += ch < 0x3000 ? 1 : 0x101) {
		char text[5] = "";
		if (ch >= 0xd800 && ch < 0xe000)
			continue;
		text[utf8_encode(ch, text)] = 0;
		s = text;
		NEED(utf8_next(&s) == ch && *s == 0, "U+%04x", ch);
	}
}
END_TEST

static void grid_line(const struct grid *g, int y, char *out)
{
	size_t n = 0;
	for (int x = 0; x < g->w; x++)
		n += cell_utf8(&g->cell[y * g->w + x], out + n);
	out[n] = 0;
}

START_TEST(test_grid)
{
	struct grid g;
	char line[256];
	grid_init(&g, 6, 2, false);
	grid_put(&g, grid_rect(&g), 0, 0, S_TEXT, "a芒b");
	grid_line(&g, 0, line);
	ck_assert_str_eq(line, "a芒b  ");
	grid_put(&g, grid_rect(&g), 2, 0, S_TEXT, "x"); /* over the right half */
	grid_line(&g, 0, line);
	ck_assert_str_eq(line, "a xb  ");
	grid_put(&g, grid_rect(&g), 5, 0, S_TEXT, "果"); /* no room for both halves */
	grid_line(&g, 0, line);
	ck_assert_str_eq(line, "a xb …");
	grid_put(&g, (struct rect){ 1, 1, 3, 1 }, -1, 0, S_TEXT, "0123456789");
	grid_line(&g, 1, line);
	ck_assert_str_eq(line, " 123  ");
	grid_put(&g, (struct rect){ 1, 1, 3, 1 }, 0, 7, S_TEXT, "outside");
	grid_release(&g);
	grid_init(&g, 12, 1, true);
	grid_put(&g, grid_rect(&g), 0, 0, S_TEXT, "►…é");
	grid_line(&g, 0, line);
	ck_assert_str_eq(line, ">~\\u00e9    ");
	grid_release(&g);
}
END_TEST

START_TEST(test_themes)
{
	for (int theme = 0; theme_name(theme); theme++) {
		ck_assert_int_eq(theme_find(theme_name(theme)), theme);
		for (int role = 0; role < STYLE_ROLES; role++)
			for (int colours = 0; colours <= 256; colours += colours ? 240 : 16) {
				struct look l = theme_look(theme, colours, (style)role);
				NEED(l.foreground >= -1 && l.foreground < (colours ? colours : 1) &&
						l.background < (colours ? colours : 1),
					"theme %d, role %d, %d colours", theme, role, colours);
			}
	}
	ck_assert_int_eq(theme_find("no such"), -1);
	/* Without colour the marks of this step still stand out, and differently. */
	ck_assert_uint_ne(theme_look(0, 0, S_READ_NOW).attributes, theme_look(0, 0, S_WRITE_NOW).attributes);
	ck_assert_uint_ne(theme_look(0, 0, S_READ_NOW).attributes, 0);
}
END_TEST

/* ---- keys and the line editor ---- */

START_TEST(test_keys)
{
	const char *names = "Right x : C-l F12 PageDown é";
	static const int want[] = { K_RIGHT, 'x', ':', 12, K_F12, K_PAGE_DOWN, 0xe9, 0 };
	for (size_t i = 0; i < sizeof want / sizeof want[0]; i++)
		ck_assert_int_eq(key_parse(&names), want[i]);
	names = "Rihgt";
	ck_assert_int_eq(key_parse(&names), -1);
	ck_assert_str_eq(names, "Rihgt");
	/* Every key in the table exists, and none has two actions. */
	for (int a = 1; a < ACTIONS; a++) {
		const char *p = action_info[a].keys;
		int key, n = 0;
		while ((key = key_parse(&p)) != 0) {
			NEED(key > 0, "%s has no such key: %s", action_info[a].name, p);
			NEED((int)key_action(key) == a, "%s shares a key", action_info[a].name);
			n++;
		}
		ck_assert_int_gt(n, 0);
	}
}
END_TEST

static enum prompt_result edit(struct prompt *p, const char *keys)
{
	enum prompt_result r = PROMPT_MORE;
	int key;
	while ((key = key_parse(&keys)) > 0)
		r = prompt_key(p, key);
	ck_assert_int_eq(key, 0);
	return r;
}

START_TEST(test_prompt)
{
	struct prompt p;
	prompt_init(&p);
	prompt_start(&p, "");
	edit(&p, "p u t Space 芒 果 Left Left BSpace x");
	ck_assert_str_eq(p.text, "putx芒果");
	edit(&p, "Home Delete End BSpace");
	ck_assert_str_eq(p.text, "utx芒");
	edit(&p, "C-u C-k");
	ck_assert_str_eq(p.text, "");
	ck_assert_int_eq(edit(&p, "a Space b b C-w c Enter"), PROMPT_DONE);
	ck_assert_str_eq(p.text, "a c");
	prompt_start(&p, "");
	edit(&p, "n e w Up");
	ck_assert_str_eq(p.text, "a c");
	edit(&p, "Down");
	ck_assert_str_eq(p.text, "new");
	ck_assert_int_eq(edit(&p, "Tab"), PROMPT_TAB);
	ck_assert_int_eq(edit(&p, "Escape"), PROMPT_LEFT);
	for (int i = 0; i < 2 * PROMPT_MAX; i++)
		prompt_key(&p, 0x8292);
	ck_assert_uint_lt(p.length, PROMPT_MAX);
	for (int i = 0; i < 2 * PROMPT_HISTORY; i++) {
		char text[16];
		snprintf(text, sizeof text, "%d", i);
		prompt_start(&p, text);
		prompt_key(&p, K_ENTER);
	}
	ck_assert_int_eq(p.lines, PROMPT_HISTORY);
	prompt_start(&p, "e\xcc\x81x");
	edit(&p, "Left BSpace");
	ck_assert_str_eq(p.text, "x");
	prompt_release(&p);
}
END_TEST

/* ---- the replay ---- */

START_TEST(test_moves)
{
	struct screen c;
	screen_record(&c, fruit, NULL, 80, 24);
	uint64_t last = c.source->steps;
	press(&c, "o Right Right .");
	ck_assert_uint_eq(replay_step(&c.replay), 3);
	press(&c, "Left ,");
	ck_assert_uint_eq(replay_step(&c.replay), 1);
	press(&c, "3 9 0 g");
	ck_assert_uint_eq(replay_step(&c.replay), 390);
	press(&c, "1 0 .");
	ck_assert_uint_eq(replay_step(&c.replay), 400);
	press(&c, "G");
	ck_assert_uint_eq(replay_step(&c.replay), last);
	press(&c, ". > PageDown");
	ck_assert_uint_eq(replay_step(&c.replay), last);
	press(&c, "g , < PageUp");
	ck_assert_uint_eq(replay_step(&c.replay), 0);
	press(&c, "5 0 %");
	ck_assert_uint_eq(replay_step(&c.replay), last / 2);
	struct operation row;
	press(&c, "1 5 G");
	ck_assert_int_eq(c.source->operation(c.source, 15, &row), 0);
	ck_assert_uint_eq(replay_step(&c.replay), row.first_step);
	press(&c, "> PageUp");
	ck_assert_uint_eq(replay_step(&c.replay), row.first_step);
	press(&c, "3 PageDown 2 PageUp");
	ck_assert_int_eq(c.source->operation(c.source, 16, &row), 0);
	ck_assert_uint_eq(replay_step(&c.replay), row.first_step);
	press(&c, ": 7 7 Enter");
	ck_assert_uint_eq(replay_step(&c.replay), 77);
	press(&c, ": o p Space 3 Enter");
	ck_assert_int_eq(c.source->operation(c.source, 3, &row), 0);
	ck_assert_uint_eq(replay_step(&c.replay), row.first_step);
	press(&c, ": n i x Enter");
	ck_assert(c.replay.state.alarm && c.replay.state.message[0]);
	press(&c, "9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 g");
	ck_assert_uint_eq(replay_step(&c.replay), last);
	press(&c, "q");
	ck_assert(c.replay.state.quit);
	screen_close(&c);
}
END_TEST

START_TEST(test_play)
{
	struct screen c;
	screen_record(&c, fruit, NULL, 80, 24);
	press(&c, "Space");
	ck_assert(c.replay.state.playing);
	ck_assert(replay_tick(&c.replay, 0)); /* the first step at once */
	ck_assert_uint_eq(replay_step(&c.replay), 1);
	ck_assert(!replay_tick(&c.replay, 0.1));
	for (int i = 0; i < 12; i++)
		press(&c, "+");
	for (int i = 0; i < 100000 && c.replay.state.playing; i++) {
		replay_tick(&c.replay, 0.033);
		replay_draw(&c.replay, &c.grid);
	}
	ck_assert_uint_eq(replay_step(&c.replay), c.source->steps); /* it stops at the end and stays */
	press(&c, "r");
	for (int i = 0; i < 100000 && c.replay.state.playing; i++)
		replay_tick(&c.replay, 0.033);
	ck_assert_uint_eq(replay_step(&c.replay), 0);
	screen_close(&c);

	screen_record(&c, mixed, NULL, 80, 24); /* stops where the program would end */
	press(&c, "+ + + + + + + + + + + + Space");
	for (int i = 0; i < 100000 && c.replay.state.playing; i++)
		replay_tick(&c.replay, 1);
	const struct event *e = player_event(&c.replay.player[c.replay.now], replay_step(&c.replay));
	ck_assert(e && e->kind == EV_FAULT && e->b);
	screen_close(&c);
}
END_TEST

/* ---- narration ---- */

/* The workload of a sample; its caller frees it. */
static char *sample_text(const char *name)
{
	const char *top = getenv("srcdir");
	char path[512], *text = calloc(1, 1 << 16);
	snprintf(path, sizeof path, "%s/samples/%s", top ? top : ".", name);
	FILE *in = fopen(path, "r");
	NEED(in && text && fread(text, 1, (1 << 16) - 1, in) > 0, "%s cannot be read", path);
	fclose(in);
	return text;
}

/* What stands in a frame's rows of narration, as one line. */
static void narration_shown(const struct screen *c, char *out, size_t cap)
{
	char *text = screen_text(c), *rest = text, *line;
	out[0] = 0;
	for (bool found = false; (line = strsep(&rest, "\n"));) {
		bool begins = strncmp(line, " » ", 4) == 0;
		if (found && (begins || strncmp(line, "   ", 3) != 0 || strspn(line, " ") > 3))
			break;
		found = found || begins;
		if (!found)
			continue;
		size_t n = strlen(out);
		snprintf(out + n, cap - n, "%s%s", n ? " " : "", line + (begins ? 4 : 3));
		for (n = strlen(out); n > 0 && out[n - 1] == ' '; n--)
			out[n - 1] = 0;
	}
	free(text);
}

/* What is said holds, whole, at every step and size until something else is. */
START_TEST(test_narration)
{
	static const int size[][2] = { { 60, 17 }, { 80, 24 }, { 100, 30 }, { 120, 30 }, { 120, 40 },
		{ 200, 60 } };
	static const char *const views[] = { "", "O", "E", "H", "M", "" };
	unsigned said = 0;
	DIR *d;
	struct dirent *entry;
	char folder[512], words[512] = "", shown[2048];
	snprintf(folder, sizeof folder, "%s/samples", getenv("srcdir") ? getenv("srcdir") : ".");
	NEED((d = opendir(folder)), "%s", folder);
	while ((entry = readdir(d))) {
		if (!strstr(entry->d_name, ".map"))
			continue;
		char *text = sample_text(entry->d_name);
		struct screen c;
		screen_record(&c, text, NULL, 80, 24);
		for (size_t k = 0; k < sizeof size / sizeof size[0]; k++) {
			struct walk w;
			uint64_t next = 0;
			grid_release(&c.grid);
			grid_init(&c.grid, size[k][0], size[k][1], false);
			press(&c, views[k]);
			words[0] = 0;
			walk_init(&w, c.source, 1);
			while (walk_next(&w, c.source->steps, NULL))
				for (uint32_t i = 0; i < w.n; i++) {
					const struct event *e = &w.event[i];
					bool say = e->kind == EV_SAY;
					if (say)
						snprintf(words, sizeof words, "%.*s", (int)e->size,
							(const char *)e->new.p);
					said += say;
					if (!say && w.step + i < next)
						continue;
					next = w.step + i + 1 + c.source->steps / 30;
					replay_go(&c.replay, w.step + i);
					replay_draw(&c.replay, &c.grid);
					narration_shown(&c, shown, sizeof shown);
					NEED(strcmp(shown, words) == 0,
						"%s, step %lu at %dx%d: \"%s\" for \"%s\"", entry->d_name,
						(unsigned long)(w.step + i), size[k][0], size[k][1], shown,
						words);
				}
			walk_release(&w);
		}
		screen_close(&c);
		free(text);
	}
	closedir(d);
	NEED(said > 500, "only %u", said);
}
END_TEST

/* Whoever goes by operations comes to all that is said, either way; and playing rests to have it read. */
START_TEST(test_narration_stops)
{
	static const char workload[] =
		"map string int64 seed=1\nsay \"One word.\"\nput a 1\nput b 2\nsay \"Two.\"\n"
		"say \"Thirty-four columns of narration.\"\nput c 3\nput d 4\n";
	struct screen c;
	screen_record(&c, workload, NULL, 80, 24);
	uint64_t way[16], n = 0;
	unsigned says = 0;
	for (uint64_t before = 1; before != at(&c); n++) {
		const struct event *e = at(&c) ? player_event(&c.replay.player[c.replay.now], at(&c)) : NULL;
		says += e && e->kind == EV_SAY;
		before = way[n] = at(&c);
		press(&c, "PageDown");
	}
	NEED(says == 3 && n == 9, "%u of %lu stops", says, (unsigned long)n);
	for (uint64_t i = n - 1; i > 0; i--) {
		NEED(at(&c) == way[i], "back: %lu, not %lu", (unsigned long)at(&c), (unsigned long)way[i]);
		press(&c, "PageUp");
	}
	press(&c, "2 G Space"); /* 4 steps a second */
	for (int i = 0; i < 1000 && !on_screen(&c, "» Thirty-four"); i++) {
		replay_tick(&c.replay, 0.05);
		replay_draw(&c.replay, &c.grid);
	}
	uint64_t here = at(&c);
	replay_tick(&c.replay, 2.8); /* a second, and 17 columns a second */
	ck_assert_uint_eq(at(&c), here);
	replay_tick(&c.replay, 0.5);
	ck_assert_uint_gt(at(&c), here);
	press(&c, "g + + + + + + + + + + Space"); /* 1024 steps a second, and nothing said is passed over */
	for (says = 0, n = 0; n < 10000 && c.replay.state.playing; n++) {
		here = at(&c);
		replay_tick(&c.replay, 0.001);
		const struct event *e = at(&c) ? player_event(&c.replay.player[c.replay.now], at(&c)) : NULL;
		says += here != at(&c) && e && e->kind == EV_SAY;
	}
	ck_assert_uint_eq(says, 3);
	screen_close(&c);
}
END_TEST

/* Steps of the allocator are passed over, either way and in playing, and counted at the step behind them; o
 * and the view of spans open them.  The recording begins with a card. */
START_TEST(test_folded)
{
	static const char workload[] =
		"map string string seed=1\nput a b\nput c d\nsyncmap int64 int64\nput 1 2000\n";
	struct screen c;
	struct player p;
	unsigned folded = 0, shown = 0, played = 0;
	screen_record(&c, workload, NULL, 80, 24);
	player_init(&p, c.source);
	ck_assert(on_screen(&c, "every byte read or written") && on_screen(&c, "? q"));
	for (uint64_t step = 1; step <= c.source->steps; step++) {
		struct event e = *player_event(&p, step);
		char count[40] = "";
		bool allocator = e.kind == EV_SPAN ||
			(e.kind == EV_ALLOC &&
				(e.b == ROLE_KEY_TEXT || e.b == ROLE_ELEM_TEXT || e.b == ROLE_BOX));
		if (allocator) {
			folded++;
			continue;
		}
		uint64_t before = at(&c);
		press(&c, ".");
		NEED(at(&c) == step, "%lu, not %lu", (unsigned long)at(&c), (unsigned long)step);
		if (step - before > 1)
			snprintf(count, sizeof count, " +%lu ", (unsigned long)(step - before - 1));
		NEED(on_screen(&c, " +") == (count[0] != 0) && on_screen(&c, count), "step %lu has no%s",
			(unsigned long)step, count);
		press(&c, ",");
		NEED(at(&c) == before, "back to %lu, not %lu", (unsigned long)at(&c), (unsigned long)before);
		press(&c, ".");
		shown++;
	}
	NEED(folded > 6 && shown > 60, "%u %u", folded, shown);
	press(&c, "g Space");
	for (uint64_t was = 0; c.replay.state.playing && played < 10000; was = at(&c)) {
		replay_tick(&c.replay, 0.05);
		played += at(&c) != was;
	}
	ck_assert_uint_eq(played, shown);
	for (int k = 0; k < 2; k++) {
		press(&c, k ? "g o . ." : "g S . .");
		ck_assert_uint_eq(at(&c), 2);
		press(&c, k ? "o" : "S");
	}
	press(&c, "E");
	ck_assert(!on_screen(&c, "  2  span") || at(&c) == 2);
	player_release(&p);
	screen_close(&c);
}
END_TEST

/* A sentence begins with a capital, also behind another. */
START_TEST(test_capitals)
{
	const char *const workloads[] = { heap, fruit, mixed };
	unsigned seen = 0;
	for (int k = 0; k < 3; k++) {
		struct screen c;
		struct scene s;
		char words[SENTENCE_MAX];
		screen_record(&c, workloads[k], NULL, 80, 24);
		for (uint64_t step = 1; step <= c.source->steps; step++) {
			replay_go(&c.replay, step);
			log_seek(&c.replay.log, &c.replay.player[c.replay.now], step);
			scene_make(&s, &c.replay.player[c.replay.now], &c.replay.log, NULL, NULL, false);
			if (s.event.kind != EV_ALLOC)
				continue;
			sentence_make(&s, words, sizeof words);
			for (const char *p = words; (p = strstr(p, ". ")); p += 2, seen++)
				NEED(p[2] < 'a' || p[2] > 'z' || strncmp(p + 2, "make", 4) == 0 ||
						strncmp(p + 2, "map", 3) == 0 ||
						strncmp(p + 2, "new", 3) == 0 ||
						strncmp(p + 2, "create", 6) == 0 ||
						strncmp(p + 2, "hash", 4) == 0 ||
						strncmp(p + 2, "grow", 4) == 0,
					"%s", words);
		}
		screen_close(&c);
	}
	NEED(seen > 50, "only %u", seen);
}
END_TEST

/* The move of an entry is to be seen at sizes where one bucket has room: both buckets, and the bytes written.
 */
START_TEST(test_move_in_sight)
{
	static const int size[][2] = { { 60, 17 }, { 80, 24 }, { 100, 30 }, { 119, 39 } };
	for (size_t k = 0; k < sizeof size / sizeof size[0]; k++) {
		struct screen c;
		struct scene s;
		unsigned writes = 0;
		bool bytes = size[k][1] > 20;
		screen_record(&c, fruit, NULL, size[k][0], size[k][1]);
		for (uint64_t step = 1; step <= c.source->steps; step++) {
			replay_go(&c.replay, step);
			replay_draw(&c.replay, &c.grid);
			scene_make(&s, &c.replay.player[c.replay.now], &c.replay.log, NULL, NULL, false);
			if (s.phase != PHASE_EVACUATE || s.event.kind != EV_WRITE ||
				s.place.kind != PLACE_GROUP || s.place.group.array != ARRAY_NEW ||
				s.place.slot < 0)
				continue;
			char label[48];
			unsigned marked = 0, lit = 0;
			struct rect r = c.replay.layout.rect[PANEL_LINES],
				    t = c.replay.layout.rect[PANEL_SLOTS];
			snprintf(label, sizeof label, "new %lu.%u", (unsigned long)s.place.group.index,
				s.place.group.depth);
			NEED(on_screen(&c, label) && on_screen(&c, "old "), "step %lu: no %s",
				(unsigned long)step, label);
			for (int y = r.y; y < r.y + r.h; y++)
				for (int x = 0; x < r.w; x++)
					marked += c.grid.cell[y * c.grid.w + x].ch == 'W';
			for (int y = t.y; y < t.y + t.h; y++)
				for (int x = t.w / 2; x < t.w; x++)
					lit += (c.grid.cell[y * c.grid.w + x].style & STYLE_ROLE) ==
						S_WRITE_NOW;
			NEED((!bytes || marked == s.event.size) && lit,
				"step %lu at %dx%d: %u bytes of %lu, %u cells", (unsigned long)step,
				size[k][0], size[k][1], marked, (unsigned long)s.event.size, lit);
			writes++;
		}
		NEED(writes > 50, "only %u", writes);
		screen_close(&c);
	}
}
END_TEST

/* A timeline of few operations fills a wide screen. */
START_TEST(test_timeline_fills)
{
	struct screen c;
	screen_record(&c, fruit, NULL, 200, 60);
	struct rect r = c.replay.layout.rect[PANEL_TIMELINE];
	int last = 0;
	for (int x = 0; x < r.w; x++)
		if (c.grid.cell[(r.y + r.h - 3) * c.grid.w + x].ch >= 0x2581)
			last = x;
	NEED(last > r.w * 4 / 5, "bars end at column %d of %d", last, r.w);
	screen_close(&c);
}
END_TEST

/* However small a terminal is, the size that is needed stands there whole. */
START_TEST(test_too_small)
{
	struct screen c;
	screen_record(&c, fruit, NULL, 80, 24);
	for (int w = 8; w < 60; w++) {
		char words[32], *text;
		bool told = false;
		grid_release(&c.grid);
		grid_init(&c.grid, w, 8, false);
		replay_draw(&c.replay, &c.grid);
		text = screen_text(&c);
		snprintf(words, sizeof words, "60x16");
		told = strstr(text, words);
		NEED(told, "%d columns:\n%s", w, text);
		free(text);
	}
	screen_close(&c);
}
END_TEST

/* In the timeline what is said has a mark at the operation that it stands above, and the cursor hides no bar.
 */
START_TEST(test_timeline_marks)
{
	struct screen c;
	char *before, *after;
	screen_record(&c, "map string int64 seed=1\nput a 1\nput b 2\nsay \"here\"\nput c 3\nput d 4\n", NULL,
		80, 24);
	press(&c, "G T");
	ck_assert(on_screen(&c, " grow              »  "));
	before = screen_text(&c);
	press(&c, "Left Left");
	after = screen_text(&c);
	unsigned bars = 0, lines = 0;
	for (int y = 3; y < 10; y++)
		for (int x = 7; x < 40; x++) {
			uint32_t was = 0, is = c.grid.cell[y * 80 + x].ch;
			const char *p = before;
			for (int k = 0; k < y; k++)
				p = strchr(p, '\n') + 1;
			for (int k = 0; k <= x; k++)
				was = utf8_next(&p);
			bool bar = was >= 0x2581 && was <= 0x2588;
			NEED(!bar || (is == was && !(c.grid.cell[y * 80 + x].style & STYLE_REVERSE)),
				"row %d, column %d", y, x);
			bars += bar;
			lines += is == 0x2502;
		}
	NEED(bars > 6 && lines > 0, "%u %u", bars, lines);
	free(before);
	free(after);
	screen_close(&c);
}
END_TEST

START_TEST(test_both_ways)
{
	both_ways(fruit, 80, 24, "");
	both_ways(fruit, 200, 60, "");
	both_ways(mixed, 120, 40, "");
	both_ways(mixed, 80, 24, "O");
	both_ways(fruit, 120, 40, "B");
	both_ways(mixed, 80, 24, "C");
	both_ways(mixed, 80, 24, "K");
	both_ways(sync_map, 80, 24, "R");
	both_ways(sync_map, 120, 40, "");
	both_ways(fruit, 120, 40, "K -");
	both_ways(fruit, 80, 24, "A");
	both_ways(mixed, 120, 40, "A");
	both_ways(sharing, 80, 24, "I");
	both_ways(sharing, 120, 40, "I Up");
	both_ways(heap, 80, 24, "S");
	both_ways(mixed, 120, 40, "S");
}
END_TEST

/* Every view at every size, with the cursor moved and the work of some slices done. */
START_TEST(test_views)
{
	struct screen c;
	static const char *const keys[] = { "O", "B", "Y", "Y W", "H", "C", "E", "T", "P", "M", "K", "R", "L",
		"I", "A", "S" };
	static const char *const places[] = { "g", "2 9 G > > 7 0 .", "5 7 0 g", "7 0 %", "G" };
	for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
		screen_record(&c, k % 2 ? mixed : fruit, NULL, 80, 24);
		press(&c, keys[k]);
		for (int w = 58; w <= 220; w += 3)
			for (int h = 14; h <= 70; h += 1 + w % 7) {
				grid_release(&c.grid);
				grid_init(&c.grid, w, h, w % 2);
				c.replay.state.ascii = w % 2;
				press(&c, h % 5 ? "Right" : places[w % 5]);
				press(&c, h % 3 ? "Down" : "Tab");
				replay_work(&c.replay);
				replay_draw(&c.replay, &c.grid);
				NEED(c.replay.state.view != VIEW_DEFAULT, "view %s closed itself", keys[k]);
			}
		press(&c, "Escape Escape Escape Escape");
		NEED(c.replay.state.view == VIEW_DEFAULT, "Escape does not close %s", keys[k]);
		screen_close(&c);
	}
}
END_TEST

/* What the overview has kept up with the steps is what counting anew gives. */
START_TEST(test_overview)
{
	struct screen c;
	struct overview fresh = { 0 };
	struct scene s;
	for (int k = 0; k < 2; k++) {
		unsigned seed = 1;
		screen_record(&c, k ? mixed : fruit, NULL, 80, 24);
		press(&c, "O");
		for (int i = 0; i < 400; i++) {
			seed = seed * 1103515245 + 12345;
			uint64_t by = seed >> 16 & 15 ? seed >> 20 & 31 : seed >> 8, n = c.source->steps;
			replay_go(&c.replay, (replay_step(&c.replay) + (seed & 64 ? by : n - by % n)) % n);
			replay_draw(&c.replay, &c.grid);
			scene_make(&s, &c.replay.player[c.replay.now], &c.replay.log, NULL, NULL, false);
			overview_release(&fresh);
			overview_ask(&fresh, &bucket_counts, &s);
			for (int a = 0; a < 2; a++) {
				const struct bucket_counts *old = c.replay.passes.overview.own,
							   *new = fresh.own;
				const struct counted_array *kept = &old->array[a], *again = &new->array[a];
				NEED(kept->n == again->n &&
						(!kept->n ||
							memcmp(kept->count, again->count,
								kept->n * sizeof *kept->count) == 0) &&
						memcmp(kept->by_entries, again->by_entries,
							sizeof kept->by_entries) == 0 &&
						kept->moved == again->moved,
					"step %lu: array %d", (unsigned long)s.step, a);
			}
		}
		overview_release(&fresh);
		screen_close(&c);
	}
}
END_TEST

/* No word of a view is cut: where there is too little room there are fewer words.  Looked at in samples whose
 * keys are short, for keys and elems may be cut, and so may the operation in the last row. */
START_TEST(test_no_word_cut)
{
	static const char *const samples[] = { "growth-by-doubling.map", "same-size-growth.map",
		"delete-and-emptyrest.map", "overflow-chain.map", "iteration-during-growth.map" };
	static const int size[][2] = { { 80, 24 }, { 120, 40 }, { 200, 60 } };
	unsigned frames = 0;
	for (size_t k = 0; k < sizeof samples / sizeof *samples; k++) {
		char *text = sample_text(samples[k]);
		struct screen c;
		screen_record(&c, text, NULL, 80, 24);
		for (const char *view = "OBYHCTPVAIMKRSLE"; *view; view++)
			for (int i = 0; i < 3 * 5; i++) {
				char key[2] = { *view, 0 };
				grid_release(&c.grid);
				grid_init(&c.grid, size[i % 3][0], size[i % 3][1], false);
				press(&c, "D");
				press(&c, key);
				replay_go(&c.replay, c.source->steps * (uint64_t)(1 + i / 3) / 6);
				replay_draw(&c.replay, &c.grid);
				while (replay_work(&c.replay))
					;
				replay_draw(&c.replay, &c.grid);
				char *shown = screen_text(&c), *last = strrchr(shown, '\n');
				while (last > shown && !last[1]) {
					*last = 0;
					last = strrchr(shown, '\n');
				}
				*last = 0;
				for (char *at = shown; (at = strstr(at, "…")); at += 3)
					NEED(at == shown || !isalpha((unsigned char)at[-1]) ||
							strspn(at + 3, "0123456789abcdef") >= 4,
						"%s, step %lu, view %s at %dx%d: %.40s", samples[k],
						(unsigned long)replay_step(&c.replay), key, size[i % 3][0],
						size[i % 3][1], at - 30 > shown ? at - 30 : shown);
				frames++;
				free(shown);
			}
		screen_close(&c);
		free(text);
	}
	NEED(frames == 5 * 16 * 15, "%u", frames);
}
END_TEST

/* Every key of the map has its hash at every step, in moves and after jumps too: its tophash and its bucket
 * are those of the hash.  While an entry is being written its key is not there yet. */
START_TEST(test_key_hashes)
{
	struct screen c;
	unsigned keys = 0;
	for (int k = 0; k < 3; k++) {
		unsigned seed = 1;
		screen_record(&c, k == 0 ? fruit : k == 1 ? mixed : many, NULL, 120, 40);
		press(&c, "H");
		for (int i = 0; i < 200; i++) {
			seed = seed * 1103515245 + 12345;
			replay_go(&c.replay, (seed >> 8) % c.source->steps);
			replay_draw(&c.replay, &c.grid);
			while (replay_work(&c.replay))
				;
			struct scene s;
			scene_make(&s, &c.replay.player[c.replay.now], &c.replay.log, NULL, NULL, false);
			struct frame f = { .pass = &c.replay.passes, .scene = &s };
			for (unsigned a = 0; s.live && a < 2; a++)
				for (uint64_t b = 0; b < scene_groups(&s, a); b++) {
					struct map_group g;
					uint64_t hash;
					bool more = classic_first(&s, a, b, &g);
					for (; more; more = classic_next(&s, &g))
						for (int slot = 0; slot < SLOTS; slot++) {
							if (!tophash_full(g.control[slot]) ||
								nan_at(&s, g.addr, slot))
								continue;
							keys++;
							bool ok = hash_of_slot(&f, &g, slot, &hash);
							/* B is written before the arrays are. */
							ok = ok &&
								(s.phase == PHASE_GROW ||
									(hash & (scene_groups(&s, a) - 1)) ==
										b);
							NEED(ok, "step %lu: array %u, %lu.%u:%d",
								(unsigned long)s.step, a, (unsigned long)b,
								g.depth, slot);
						}
				}
		}
		screen_close(&c);
	}
	NEED(keys > 10000, "%u", keys);
}
END_TEST

/* Who wrote a byte: compared with all facts, for bytes all over the trace, asked from different steps. */
/* A field is written whole: its history has its values, those of the facts. */
START_TEST(test_field_history)
{
	struct screen c;
	struct player p;
	screen_record(&c, fruit, NULL, 200, 60);
	player_init(&p, c.source);
	press(&c, "2 0 G M"); /* count */
	const struct history *h = &c.replay.passes.history;
	size_t rows = history_count(h);
	NEED(rows == 36 && h->size == 8 && history_get(h, 0)->kind == EV_ALLOC, "%zu rows", rows);
	for (size_t i = 1; i < rows; i++) {
		const struct event *e = player_event(&p, history_get(h, i)->step);
		NEED(e->kind == EV_WRITE && history_get(h, i)->old == e->old.v &&
				history_get(h, i)->new == e->new.v && e->new.v == i,
			"row %zu", i);
	}
	ck_assert(on_screen(&c, "19 → 20") && on_screen(&c, "who wrote count?"));
	press(&c, "Down Down Down Down Down"); /* buckets */
	ck_assert(on_screen(&c, "nil → c000004000") && on_screen(&c, "c000006000 → c000008008"));
	player_release(&p);
	screen_close(&c);
}
END_TEST

START_TEST(test_history)
{
	struct source *s = record(mixed);
	struct history h;
	struct player p;
	memset(&h, 0, sizeof h);
	player_init(&p, s);
	for (uint64_t step = 1; step <= s->steps; step += 37) {
		const struct event *e = player_event(&p, step);
		size_t n = 0, last = 0;
		if (e->kind != EV_WRITE)
			continue;
		uint64_t addr = e->addr + step % e->size, at = step;
		history_ask(&h, s, addr, at);
		while (history_work(&h)) {
		}
		for (uint64_t k = 1; k <= s->steps; k++) {
			e = player_event(&p, k);
			if (e->kind > EV_FREE || addr < e->addr || addr - e->addr >= e->size)
				continue;
			if (e->kind == EV_ALLOC && k <= at)
				n = 0; /* another life */
			if (e->kind == EV_ALLOC && k > at)
				break;
			const struct history_row *row = n < history_count(&h) ? history_get(&h, n) : NULL;
			if (k <= at)
				last = n;
			NEED(k < history_get(&h, 0)->step || (row && row->step == k && row->kind == e->kind),
				"step %lu: byte %lx", (unsigned long)at, (unsigned long)addr);
			n += k >= history_get(&h, 0)->step;
			if (e->kind == EV_FREE && k > at)
				break;
		}
		NEED(n == history_count(&h) && history_before(&h, at) == last + 1,
			"step %lu has %zu rows, not %zu", (unsigned long)at, history_count(&h), n);
	}
	history_release(&h);
	player_release(&p);
	s->close(s);
}
END_TEST

START_TEST(test_sizes)
{
	struct screen c;
	static const char *const places[] = { "G", "5 7 0 g", "7 0 %", "g", "2 9 G 9 .", "3 0 % ?",
		"Escape Tab Tab Up", "a Right :" };
	for (int k = 0; k < 2; k++) {
		screen_record(&c, k ? mixed : fruit, NULL, 80, 24);
		for (int w = 1; w <= 220; w++)
			for (int h = 1; h <= 70; h += w % 7 == 0 ? 1 : 6) {
				grid_release(&c.grid);
				grid_init(&c.grid, w, h, w % 2);
				c.replay.state.ascii = w % 2;
				if (h == 1)
					press(&c, places[w % 8]);
				replay_draw(&c.replay, &c.grid);
			}
		c.replay.state.ascii = false;
		screen_close(&c);
	}
}
END_TEST

/* Panels do not overlap and stay inside; the ones that must not go are there. */
START_TEST(test_layout)
{
	struct map_type t = map_type_make(go_type_basic(GO_STRING), go_type_basic(GO_INT64));
	for (int w = 1; w <= 220; w++)
		for (int h = 1; h <= 70; h++) {
			struct layout l;
			static unsigned char used[70][220];
			memset(used, 0, sizeof used);
			layout_make(&l, w, h, t.bucketsize, w % 2);
			if (l.too_small) {
				NEED(w < 60 || h < 16, "%dx%d is not too small", w, h);
				continue;
			}
			for (int p = 0; p < PANELS; p++)
				for (int y = 0; y < l.rect[p].h; y++)
					for (int x = 0; x < l.rect[p].w; x++) {
						int row = l.rect[p].y + y, column = l.rect[p].x + x;
						NEED(row < h && column < w, "%dx%d: panel %d is too large", w,
							h, p);
						NEED(!used[row][column]++, "%dx%d: panel %d is over another",
							w, h, p);
					}
			NEED(layout_has(&l, PANEL_SLOTS) || layout_has(&l, PANEL_TABLES),
				"%dx%d has no slots", w, h);
			NEED(layout_has(&l, PANEL_SENTENCE) && layout_has(&l, PANEL_TRANSPORT) &&
					l.rect[PANEL_TRANSPORT].y == h - 1,
				"%dx%d has no sentence or transport", w, h);
		}
}
END_TEST

/* ---- a hostile recording: every number of every narrating event is garbage ---- */

struct liar {
	struct source source;
	struct source *real;
	unsigned seed;
};

static uint64_t noise(unsigned *seed)
{
	static const uint64_t odd[] = { 0, 1, 7, 8, 63, 64, 255, UINT64_MAX, UINT64_MAX - 1,
		UINT64_C(1) << 63, 0xc000000000, 0xc00000a008 };
	*seed = *seed * 1103515245 + 12345;
	return *seed >> 16 & 1 ? odd[(*seed >> 17) % 12] : *seed >> 8;
}

static int lie_chunk(struct source *s, uint64_t step, struct chunk *ret)
{
	struct liar *l = (struct liar *)s;
	if (l->real->chunk(l->real, step, ret) != 0)
		return -1;
	for (uint32_t i = 0; i < ret->count; i++) {
		struct event *e = &ret->events[i];
		unsigned seed = l->seed + (unsigned)(ret->first + i) * 2654435761u;
		if (event_info[e->kind].role == EVENT_fact)
			continue;
		e->a = noise(&seed);
		e->b = noise(&seed);
		e->c = noise(&seed);
		e->d = noise(&seed);
		if (noise(&seed) & 1)
			e->addr = noise(&seed);
		if (noise(&seed) & 1 && e->kind != EV_SAY)
			e->size = noise(&seed);
		e->map = (uint32_t)noise(&seed) % 8;
	}
	return 0;
}

static int lie_keyframe(struct source *s, uint64_t step, struct image *image, uint64_t *ret)
{
	struct liar *l = (struct liar *)s;
	return l->real->keyframe(l->real, step, image, ret);
}

static int lie_operation(struct source *s, uint64_t op, struct operation *ret)
{
	struct liar *l = (struct liar *)s;
	if (l->real->operation(l->real, op, ret) != 0)
		return -1;
	unsigned seed = l->seed + (unsigned)op;
	ret->kind = (enum op_kind)(noise(&seed) % 100);
	ret->map = (uint32_t)noise(&seed);
	ret->first_step = noise(&seed);
	return 0;
}

static int lie_operation_at(struct source *s, uint64_t step, uint64_t *ret)
{
	unsigned seed = ((struct liar *)s)->seed + (unsigned)step;
	*ret = noise(&seed);
	return 0;
}

static int lie_growths(struct source *s, const struct growth_row **ret, size_t *ret_count)
{
	struct liar *l = (struct liar *)s;
	return l->real->growths(l->real, ret, ret_count);
}

static int lie_spans(struct source *s, const struct span_row **ret, size_t *ret_count,
	const struct mcache_row **ret_mcache, size_t *ret_mcache_count)
{
	struct liar *l = (struct liar *)s;
	return l->real->spans(l->real, ret, ret_count, ret_mcache, ret_mcache_count);
}

static int lie_timeline(struct source *s, uint64_t lo, uint64_t hi, struct timeline_cell *cells, size_t n)
{
	unsigned seed = ((struct liar *)s)->seed;
	(void)lo, (void)hi;
	for (size_t i = 0; i < n; i++)
		cells[i] = (struct timeline_cell){ noise(&seed), noise(&seed), noise(&seed), noise(&seed) & 1,
			noise(&seed) & 1 };
	return 0;
}

START_TEST(test_hostile)
{
	for (unsigned seed = 0; seed < 30; seed++) {
		struct liar liar = { .real = record(seed % 2 ? fruit : mixed), .seed = seed };
		struct ui_options o = { 0 };
		struct replay r;
		struct grid g;
		liar.source = *liar.real;
		liar.source.chunk = lie_chunk;
		liar.source.keyframe = lie_keyframe;
		liar.source.growths = lie_growths;
		liar.source.spans = lie_spans;
		liar.source.operation = lie_operation;
		liar.source.operation_at = lie_operation_at;
		liar.source.timeline = lie_timeline;
		liar.source.facts = NULL;
		liar.source.kinds = NULL;
		liar.source.keyframes = NULL;
		replay_init(&r, &liar.source, &o);
		for (int i = 0; i < 150; i++) {
			static const char *const keys[] = { ".", ",", ">", "<", "PageDown", "PageUp", "Tab",
				"Up", "Left", "Enter", "5 %", "9 0 %", "a", "O", "B", "Y", "W", "H", "C", "E",
				"T", "P", "M", "L", "D", "+", "-", "Down", "Right", "V", "K", "I", "A" };
			const char *k = keys[(unsigned)(i * 7 + (int)seed) % 33];
			int key;
			while ((key = key_parse(&k)) > 0)
				replay_key(&r, key);
			replay_go(&r, liar.source.steps * (unsigned)i / 150);
			for (int n = 0; n < 3; n++)
				replay_work(&r);
			grid_init(&g, 60 + i, 16 + i / 3, i % 2);
			replay_draw(&r, &g);
			grid_release(&g);
		}
		replay_release(&r);
		liar.real->close(liar.real);
	}
}
END_TEST

/* ---- golden frames ---- */

static const struct golden {
	const char *name, *workload;
	int w, h;
	const char *keys;
	bool ascii;
} goldens[] = {
	{ "start", fruit, 80, 24, "", false },
	{ "sync", sync_map, 80, 24, "9 G R 1 0 .", false },
	{ "sync", sync_map, 120, 40, "1 0 G 5 0 . R", false },
	{ "sync", sync_map, 200, 60, "6 G 3 5 . R", false },
	{ "sync-dirty", sync_map, 80, 24, "1 0 G 7 0 .", false },
	{ "sync-code", sync_map, 80, 24, "8 G 5 6 . C", false },
	{ "sync-code", sync_map, 160, 40, "8 G 5 6 .", false },
	{ "sync", sync_map, 60, 16, "9 G R 1 0 .", true },
	{ "sync-none", fruit, 80, 24, "G R", false },
	{ "lookup", fruit, 80, 24, "1 5 G 1 0 .", false },
	{ "lookup", fruit, 80, 24, "1 5 G 1 0 .", true },
	{ "lookup", fruit, 120, 40, "1 5 G 1 0 .", false },
	{ "lookup", fruit, 60, 16, "1 5 G 1 0 .", false },
	{ "evacuate", fruit, 80, 24, "2 9 G > > 7 0 .", false },
	{ "evacuate", fruit, 120, 40, "2 9 G > > 7 0 .", false },
	{ "evacuate", fruit, 160, 40, "2 9 G > > 7 0 .", false },
	{ "evacuate", fruit, 200, 60, "2 9 G > > 7 0 .", false },
	{ "changed", fruit, 80, 24, "1 4 G PageDown", false },
	{ "end", fruit, 80, 24, "G", false },
	{ "held", fruit, 120, 40, "2 9 G > > 7 0 . Tab Tab Left Tab Down", false },
	{ "wide-keys", mixed, 80, 24, "5 G", false },
	{ "wide-keys", mixed, 80, 24, "5 G", true },
	{ "loop", mixed, 120, 40, "3 6 G 2 0 .", false },
	{ "fatal", mixed, 80, 24, "G", false },
	{ "help", fruit, 80, 24, "3 9 0 g ?", false },
	{ "prompt", fruit, 80, 24, ": 3 9", false },
	{ "small", fruit, 30, 6, "", false },
	{ "overview", big, 80, 24, "G O Right", false },
	{ "overview", big, 120, 40, "G O Right", false },
	{ "overview", big, 200, 60, "G O Right", false },
	{ "boxes", fruit, 80, 24, "2 9 G > > 7 0 . O", false },
	{ "boxes", fruit, 80, 24, "2 9 G > > 7 0 . O", true },
	{ "boxes", fruit, 120, 40, "2 9 G > > 7 0 . O", false },
	{ "boxes", fruit, 200, 60, "2 9 G > > 7 0 . O", false },
	{ "boxes", fruit, 60, 16, "9 G O", false },
	{ "boxes-many", many, 80, 24, "9 0 G O", false },
	{ "boxes-many", many, 120, 40, "1 0 4 G O", false },
	{ "boxes-many", many, 200, 60, "2 1 5 G > > 1 0 . O", false },
	{ "boxes-narrow", many, 120, 40, "2 1 5 G > > 1 0 . O", false },
	{ "bucket", fruit, 80, 24, "2 9 G > > 7 0 . B", false },
	{ "bucket", fruit, 120, 40, "2 9 G > > 7 0 . B", false },
	{ "bucket", fruit, 200, 60, "2 9 G > > 7 0 . B", false },
	{ "bytes", fruit, 80, 24, "2 9 G > > 7 0 . Y", false },
	{ "bytes", fruit, 120, 40, "2 9 G > > 7 0 . Y", false },
	{ "bytes", fruit, 200, 60, "2 9 G > > 7 0 . Y", false },
	{ "who", fruit, 80, 24, "2 9 G > > 7 0 . Y Right W Up", false },
	{ "who", fruit, 120, 40, "2 9 G > > 7 0 . Y Right W Up", false },
	{ "who", fruit, 200, 60, "2 9 G > > 7 0 . Y Right W Up", false },
	{ "hash", fruit, 80, 24, "2 9 G > > 7 0 . H", false },
	{ "hash", fruit, 120, 40, "2 9 G > > 7 0 . H", false },
	{ "hash", fruit, 200, 60, "2 9 G > > 7 0 . H", false },
	{ "code", fruit, 80, 24, "2 9 G > > 7 0 . C", false },
	{ "code", fruit, 120, 40, "2 9 G > > 7 0 . C", false },
	{ "code", fruit, 200, 60, "2 9 G > > 7 0 . C", false },
	{ "events", fruit, 80, 24, "2 9 G > > 7 0 . E", false },
	{ "events", fruit, 120, 40, "2 9 G > > 7 0 . E", false },
	{ "events", fruit, 200, 60, "2 9 G > > 7 0 . E", false },
	{ "timeline", fruit, 80, 24, "2 9 G > > 7 0 . T + Right Right", false },
	{ "timeline", fruit, 120, 40, "2 9 G > > 7 0 . T + Right Right", false },
	{ "timeline", fruit, 200, 60, "2 9 G > > 7 0 . T + Right Right", false },
	{ "plots", fruit, 80, 24, "2 9 G > > 7 0 . P", false },
	{ "plots", fruit, 120, 40, "2 9 G > > 7 0 . P", false },
	{ "plots", fruit, 200, 60, "2 9 G > > 7 0 . P", false },
	{ "theory", fruit, 80, 24, "2 9 G > > 7 0 . V", false },
	{ "theory", fruit, 120, 40, "2 9 G > > 7 0 . V", false },
	{ "theory", fruit, 200, 60, "2 9 G > > 7 0 . V", false },
	{ "theory-big", big, 80, 24, "G V", false },
	{ "theory-big", big, 80, 24, "G V", true },
	{ "hmap", fruit, 80, 24, "2 9 G > > 7 0 . M Down", false },
	{ "hmap", fruit, 120, 40, "2 9 G > > 7 0 . M Down", false },
	{ "hmap", fruit, 200, 60, "2 9 G > > 7 0 . M Down", false },
	{ "cache", fruit, 80, 24, "2 9 G > > 7 0 . K", false },
	{ "cache", fruit, 120, 40, "2 9 G > > 7 0 . K", false },
	{ "cache", big, 200, 60, "G K", false },
	{ "cache", fruit, 80, 24, "2 9 G > > 7 0 . K", true },
	{ "cache-256", fruit, 80, 24, "2 9 G > > 7 0 . K + + +", false },
	{ "cache-32", mixed, 60, 16, "3 6 G 2 0 . K -", false },
	{ "sharing", sharing, 80, 24, "6 G . . I", false },
	{ "sharing", sharing, 80, 24, "6 G . . I", true },
	{ "sharing", sharing, 120, 40, "6 G . . I", false },
	{ "sharing", sharing, 200, 60, "6 G . . I", false },
	{ "sharing-hmaps", sharing, 80, 24, "1 2 G > . I", false },
	{ "sharing-end", sharing, 120, 40, "G I Up Up", false },
	{ "account", fruit, 80, 24, "2 9 G > > 7 0 . A", false },
	{ "account", fruit, 80, 24, "2 9 G > > 7 0 . A", true },
	{ "account", fruit, 120, 40, "2 9 G > > 7 0 . A", false },
	{ "account", fruit, 200, 60, "2 9 G > > 7 0 . A", false },
	{ "account-mixed", mixed, 60, 16, "G A", false },
	{ "sharing-one-core", fruit, 80, 24, "2 9 G > > 7 0 . I", false },
	{ "spans", heap, 80, 24, "1 5 5 g S", false },
	{ "spans", heap, 120, 40, "1 5 5 g S", false },
	{ "spans", heap, 200, 60, "1 5 5 g S", false },
	{ "spans", heap, 80, 24, "1 5 5 g S", true },
	{ "spans-swept", heap, 80, 24, "2 1 5 g S", false },
	{ "spans-stack", heap, 80, 24, "G S Left", false },
	{ "spans-end", heap, 120, 40, "G S", false },
	{ "spans-zoomed", big, 80, 24, "G S", false },
	{ "spans", fruit, 60, 16, "2 9 G > > 7 0 . S", false },
	{ "legend", fruit, 80, 24, "2 9 G > > 7 0 . L", false },
	{ "legend", fruit, 120, 40, "2 9 G > > 7 0 . L", false },
	{ "legend", fruit, 200, 60, "2 9 G > > 7 0 . L", false },
	{ "overview", big, 80, 24, "G O Right", true },
	{ "bytes", fruit, 80, 24, "2 9 G > > 7 0 . Y", true },
	{ "bytes-mixed", mixed, 60, 16, "3 6 G 2 0 . Y", false },
	{ "timeline-big", big, 120, 40, "T + + +", false },
};

START_TEST(test_golden)
{
	const struct golden *g = &goldens[_i];
	struct source *s = record(g->workload);
	struct ui_options o = { .ascii = g->ascii };
	char name[64], *have = NULL;
	size_t n;
	FILE *f = open_memstream(&have, &n);
	ck_assert_msg(ui_show(s, &o, 0, g->w, g->h, g->keys, f) == 0, "%s", s->error);
	fclose(f);
	snprintf(name, sizeof name, "%s%s", g->name, g->ascii ? "-ascii" : "");
	golden_text(name, g->w, g->h, have);
	free(have);
	s->close(s);
}
END_TEST

/* What explains is not cut itself: its only cut mark is the one that it explains. */
START_TEST(test_words_whole)
{
	static const char *const pages[] = { "L",
		"L Down Down Down Down Down Down Down Down Down Down Down Down Down Down Down Down", "?",
		"? PageDown", "? PageDown PageDown", "F" };
	static const int sizes[][2] = { { 60, 16 }, { 80, 24 }, { 120, 40 }, { 160, 40 }, { 200, 60 } };
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
		for (size_t k = 0; k < sizeof pages / sizeof pages[0]; k++) {
			struct screen c;
			int cuts = 0;
			screen_record(&c, fruit, NULL, sizes[i][0], sizes[i][1]);
			press(&c, "1 4 0 g");
			press(&c, pages[k]);
			int w = c.grid.w,
			    wide = *pages[k] == 'L' || w < 97 ? w : 66; /* a box in the middle */
			int end = *pages[k] == 'F' || c.grid.h < 20 ? 12 : c.grid.h < 40 ? c.grid.h - 4 : 26;
			for (int y = 2; y < end; y++) /* title and transport may cut names */
				for (int x = (w - wide) / 2; x < (w + wide) / 2; x++)
					cuts += c.grid.cell[y * w + x].ch == 0x2026;
			NEED(cuts <= (*pages[k] == 'L'), "%d cuts in %s at %dx%d", cuts, pages[k], w,
				c.grid.h);
			if (*pages[k] == 'L' && end == c.grid.h - 4)
				NEED(on_screen(&c, "…      a text was cut here") == (cuts == 1), "%s at %d",
					pages[k], c.grid.w);
			screen_close(&c);
		}
}
END_TEST

/* The marked line of the leftmost listing, without number and mark; "" when none is marked. */
static const char *marked_line(struct screen *c)
{
	static char out[64];
	replay_draw(&c->replay, &c->grid);
	out[0] = 0;
	for (int y = 3; y < c->grid.h - 3; y++) {
		if (c->grid.cell[y * c->grid.w + 2].ch != 0x25ba)
			continue;
		int n = 0;
		for (int x = 3; x < 39; x++)
			out[n++] = (char)c->grid.cell[y * c->grid.w + x].ch;
		out[n] = 0;
	}
	return out;
}

/* The pseudo-code is that of the variant, and the marked line says what the step does. */
START_TEST(test_code_true)
{
	static struct scene scene, *const s = &scene;
	struct screen c;
	unsigned hashes = 0, quiet = 0, clears = 0, loops = 0, candidates = 0, again = 0, halves = 0;
	screen_record(&c,
		"map int64 int64 seed=1\nput 1 1\nget 1\nget 2\nfill 0 5\ndel 3\nget 3\nfill 5 40\nget "
		"5\nget 77\niter a\nnext a 3\nfill 40 54\niter b\nnext b 9\nfill 54 60\nnext a all\nnext b "
		"all\nclear\n"
		"map string int64 seed=1\nput k 0\nget k\nget l\nput \"a long key of over thirty-two bytes: "
		"number 1 of 2\" 1\nput \"a long key of over thirty-two bytes: number 2 of 2\" 2\n"
		"get \"a long key of over thirty-two bytes: number 2 of 2\"\nget \"a long key of over "
		"thirty-two bytes: number 3 of 2\"\nfill 0 200\nget k\nget k300\nclear\n"
		"map int16 int64 seed=1\nget 1\nput 1 1\nget 1\nfill 0 40\nrange\nclear\n",
		NULL, 80, 24);
	press(&c, "C");
	for (uint64_t step = 1; step <= c.source->steps; step++) {
		struct event e = *player_event(&c.replay.player[c.replay.now], step);
		replay_go(&c.replay, step);
		const char *line = marked_line(&c);
		scene_make(s, &c.replay.player[c.replay.now], &c.replay.log, NULL, NULL, false);
		bool get = s->run.kind == OP_GET && !s->after,
		     word = classic_of(s)->type_ok && classic_of(s)->type.variant == VARIANT_FAST64;
		NEED(!(get && word && on_screen(&c, "top = high byte, + 5 if below 5")),
			"step %lu: this lookup has no tophash", (unsigned long)step);
		if (e.kind == EV_HASH) {
			NEED((strstr(line, "hash") && !strstr(line, "nothing is") &&
				     !strstr(line, "without")) ||
					strstr(line, "look the key up again") ||
					strstr(line, "what will come here"),
				"step %lu hashes, but: %s", (unsigned long)step, line);
			hashes++;
		}
		if (get && e.kind == EV_KEY && word)
			NEED(strstr(line, e.b ? "tophash says empty" : "key differs"), "step %lu: %s",
				(unsigned long)step, line);
		if (get && e.kind == EV_BUCKET && classic_of(s)->hmap.B == 0 && !s->hash.known &&
			classic_of(s)->type.variant != VARIANT_GENERAL) {
			NEED(strncmp(line, "one bucket", 10) == 0, "step %lu: %s", (unsigned long)step, line);
			quiet++;
		}
		if (get && e.kind == EV_READ && e.size == 4 && on_screen(&c, "key of 32 bytes or more")) {
			NEED(strstr(line, "first or last 4 bytes"), "step %lu: %s", (unsigned long)step,
				line);
			candidates++;
		}
		bool told = e.kind == EV_SPAN || e.kind == EV_ALLOC || e.kind == EV_OP || e.kind == EV_SAY ||
			e.kind == EV_MAP;
		if (s->run.kind == OP_CLEAR && !told && !s->after) {
			NEED(line[0] && on_screen(&c, "clear (mapclear)"), "step %lu, %s: nothing is marked",
				(unsigned long)step, event_info[e.kind].name);
			clears++;
		}
		if (s->phase == PHASE_ITERATE && !told && e.kind != EV_DONE && e.kind != EV_FREE &&
			!s->after) {
			NEED(line[0], "step %lu, %s: nothing is marked", (unsigned long)step,
				event_info[e.kind].name);
			NEED(!(e.kind == EV_WRITE && place_in(&s->place, "hmap") && e.size == 1) ||
					strstr(line, "iterator flags"),
				"step %lu: %s", (unsigned long)step, line);
			again += e.kind == EV_HASH && strstr(line, "look the key up again");
			halves += e.kind == EV_HASH && strstr(line, "what will come here");
			loops++;
		}
	}
	NEED(hashes > 100 && quiet > 3 && clears > 30 && loops > 100 && candidates > 2 && again && halves,
		"%u %u %u %u %u %u %u", hashes, quiet, clears, loops, candidates, again, halves);
	screen_close(&c);
}
END_TEST

/* A delete's back-fill in the pseudo-code: the first look asks about the slot behind (line 8), the others go
 * backwards. */
START_TEST(test_code_backfill)
{
	struct screen c;
	unsigned first = 0, later = 0, walks = 0;
	screen_record(&c,
		"map int64 int64 seed=3\nfill 0 60\ndrain 0 60\nmap string int64 seed=5\nfill 0 8\nfill 20 "
		"30\ndrain 20 30\ndel k1\ndrain 0 8\nfill 0 104\ndrain 0 104\n",
		NULL, 80, 24);
	press(&c, "C");
	bool rest = false; /* has this delete written emptyRest? */
	for (uint64_t step = 1; step <= c.source->steps; step++) {
		struct event e = *player_event(&c.replay.player[c.replay.now], step);
		if (e.kind == EV_OP)
			rest = false;
		if (e.kind == EV_WRITE && e.size == 1 && e.new.v == EMPTY_REST &&e.old.v == EMPTY_ONE)
			rest = true;
		if (e.kind != EV_BACKFILL && !(e.kind == EV_CHAIN && rest))
			continue;
		replay_go(&c.replay, step);
		replay_draw(&c.replay, &c.grid);
		const char *line = e.kind == EV_CHAIN ? " 9►" : rest ? "10►" : " 8►";
		NEED(on_screen(&c, line), "step %lu", (unsigned long)step);
		walks += e.kind == EV_CHAIN;
		later += e.kind == EV_BACKFILL && rest;
		first += e.kind == EV_BACKFILL && !rest;
	}
	NEED(first > 20 && later > 20 && walks > 0, "%u %u %u", first, later, walks);
	screen_close(&c);
}
END_TEST

/* Each map keeps its plots: to go to another map and back works nothing out again. */
START_TEST(test_plots_kept)
{
	struct screen c;
	screen_record(&c,
		"map int64 int64 name=a\nfill 0 300\nmap string int64 name=b\nfill 0 300\nuse a\nput 1 "
		"1\nuse b\nput k1 1\n",
		NULL, 120, 40);
	const struct passes *v = &c.replay.passes;
	press(&c, "1 0 0 G P"); /* the work is done by press */
	ck_assert_uint_eq(series_now(passes_series(v))->about.map, 1);
	press(&c, "4 0 0 G");
	ck_assert_uint_eq(series_now(passes_series(v))->about.map, 2);
	replay_go(&c.replay, c.source->steps / 4);
	replay_draw(&c.replay, &c.grid);
	ck_assert_uint_eq(series_now(passes_series(v))->about.map, 1);
	ck_assert(!replay_busy(&c.replay) && !on_screen(&c, "computing"));
	replay_go(&c.replay, c.source->steps);
	replay_draw(&c.replay, &c.grid);
	ck_assert(!replay_busy(&c.replay) && !on_screen(&c, "computing"));
	screen_close(&c);
}
END_TEST

/* While a loop may be looking a NaN goes where the low bit of its tophash says: no bit of its new hash is
 * named. */
START_TEST(test_hash_nan)
{
	struct screen c;
	unsigned seen = 0, plain = 0;
	screen_record(&c,
		"map float64 int64 seed=17\nput NaN 1\nput NaN 2\nput NaN 3\nput NaN 4\nfill 1 24\niter "
		"a\nfill 30 60\n",
		NULL, 120, 40);
	for (uint64_t step = 1; step <= c.source->steps; step++) {
		struct event e = *player_event(&c.replay.player[c.replay.now], step);
		if (e.kind != EV_HASH || !e.addr)
			continue;
		replay_go(&c.replay, step);
		replay_draw(&c.replay, &c.grid);
		bool nan = on_screen(&c, "says X or Y; new");
		NEED(on_screen(&c, "NaN: bit 0 of old tophash") == nan, "step %lu", (unsigned long)step);
		NEED(!nan || !on_screen(&c, "bit 1 = "), "step %lu", (unsigned long)step);
		press(&c, "H");
		NEED(on_screen(&c, "a NaN, and a loop may be looking") == nan, "step %lu",
			(unsigned long)step);
		press(&c, "D");
		seen += nan;
		plain += !nan;
	}
	NEED(seen >= 3 && plain > 4, "%u NaNs, %u others", seen, plain);
	screen_close(&c);
}
END_TEST

/* Each line of a frame has exactly its columns. */
START_TEST(test_show)
{
	struct source *s = record(mixed);
	struct ui_options o = { 0 };
	for (uint64_t step = 0; step < s->steps; step += 97) {
		char *text = NULL, *line, *rest;
		size_t n;
		FILE *f = open_memstream(&text, &n);
		int lines = 0;
		ck_assert_int_eq(ui_show(s, &o, step, 100, 30, NULL, f), 0);
		fclose(f);
		for (line = rest = text; (line = strsep(&rest, "\n")) && rest; lines++)
			NEED(text_width(line) == 100, "step %lu: %s", (unsigned long)step, line);
		ck_assert_int_eq(lines, 30);
		free(text);
	}
	ck_assert_int_eq(ui_show(s, &o, 0, 80, 24, "Right nokey", stdout), -1);
	ck_assert_ptr_nonnull(strstr(s->error, "nokey"));
	o.theme = "pink";
	ck_assert_int_eq(ui_show(s, &o, 0, 80, 24, NULL, stdout), -1);
	s->close(s);
}
END_TEST

int main(void)
{
	/* Widths come from the locale; frames are those of UTF-8. */
	if (!setlocale(LC_ALL, "C.UTF-8"))
		return 77;
	Suite *suite = suite_create("ui");
	TCase *c = tcase_create("ui");
	tcase_set_timeout(c, 300);
	tcase_add_test(c, test_widths);
	tcase_add_test(c, test_utf8);
	tcase_add_test(c, test_grid);
	tcase_add_test(c, test_themes);
	tcase_add_test(c, test_keys);
	tcase_add_test(c, test_prompt);
	tcase_add_test(c, test_moves);
	tcase_add_test(c, test_play);
	tcase_add_test(c, test_both_ways);
	tcase_add_test(c, test_views);
	tcase_add_test(c, test_overview);
	tcase_add_test(c, test_history);
	tcase_add_test(c, test_field_history);
	tcase_add_test(c, test_sizes);
	tcase_add_test(c, test_layout);
	tcase_add_test(c, test_hostile);
	tcase_add_test(c, test_show);
	tcase_add_test(c, test_words_whole);
	tcase_add_test(c, test_code_backfill);
	tcase_add_test(c, test_code_true);
	tcase_add_test(c, test_plots_kept);
	tcase_add_test(c, test_hash_nan);
	TCase *views = tcase_create("views");
	tcase_add_test(views, test_key_hashes);
	tcase_add_test(views, test_no_word_cut);
	tcase_set_timeout(views, 120);
	suite_add_tcase(suite, views);
	TCase *words = tcase_create("words");
	tcase_set_timeout(words, 300);
	tcase_add_test(words, test_narration);
	tcase_add_test(words, test_narration_stops);
	tcase_add_test(words, test_timeline_marks);
	tcase_add_test(words, test_folded);
	tcase_add_test(words, test_capitals);
	tcase_add_test(words, test_too_small);
	tcase_add_test(words, test_timeline_fills);
	tcase_add_test(words, test_move_in_sight);
	suite_add_tcase(suite, words);
	TCase *golden = tcase_create("golden");
	tcase_set_timeout(golden, 300);
	tcase_add_loop_test(golden, test_golden, 0, sizeof goldens / sizeof goldens[0]);
	suite_add_tcase(suite, golden);
	suite_add_tcase(suite, c);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
