/* Recordings in memory and replays of them; see screen.h. */
#include "tests/screen/screen.h"
#include "db/store.h"
#include "src/workload/run.h"
#include "ui/grid/text.h"

#include <check.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

const char fruit[] =
	"map string int64 seed=230\n"
	"put apple 1\nput apricot 2\nput avocado 3\nput banana 4\nput blackberry 5\nput blueberry 6\nput "
	"cherry 7\n"
	"put coconut 8\nput cranberry 9\nput date 10\nput durian 11\nput elderberry 12\nput fig 13\nput "
	"grape 14\n"
	"put grapefruit 15\nput guava 16\nput kiwi 17\nput kumquat 18\nput lemon 19\nput lime 20\nput lychee "
	"21\n"
	"put mango 22\nput melon 23\nput nectarine 24\nput olive 25\nput orange 26\nput papaya 27\nput peach "
	"28\n"
	"put pear 29\nput pineapple 30\nput plum 31\nput pomegranate 32\nput quince 33\nput raspberry 34\n"
	"put strawberry 35\n";

struct source *record_to(const char *path, const char *workload)
{
	char error[STORE_ERROR];
	struct script script;
	struct run run;
	struct source *source = NULL;
	struct store_options options = { .overwrite = true, .workload = "test", .tool = "test" };
	NEED(script_parse(&script, "test", workload, strlen(workload)) == 0, "%s\n%.2000s", script.error,
		workload);
	struct sink *sink = store_create(path, &options, error);
	NEED(sink != NULL, "%s", error);
	NEED(run_init(&run, sink, NULL), "no memory");
	NEED(run_script(&run, &script, 0) == 0, "%s\n%.2000s", run.error, workload);
	NEED(store_finish(sink, false, &source, error) == 0, "%s",
		error); /* it may look at the run's memory */
	run_release(&run);
	script_release(&script);
	return source;
}

struct source *record(const char *workload)
{
	struct source *source = record_to(":memory:", workload);
	snprintf(source->name, sizeof source->name, "test.trace");
	return source;
}

void screen_open(struct screen *c, struct source *s, const struct ui_options *options, int w, int h)
{
	static const struct ui_options none;
	c->source = s;
	c->owned = NULL;
	replay_init(&c->replay, s, options ? options : &none);
	grid_init(&c->grid, w, h, c->replay.state.ascii);
	replay_draw(&c->replay, &c->grid);
}

void screen_record(struct screen *c, const char *workload, const struct ui_options *options, int w, int h)
{
	struct source *s = record(workload);
	screen_open(c, s, options, w, h);
	c->owned = s;
}

void screen_close(struct screen *c)
{
	replay_release(&c->replay);
	grid_release(&c->grid);
	if (c->owned)
		c->owned->close(c->owned);
}

void work(struct screen *c)
{
	while (replay_work(&c->replay)) {
	}
	replay_draw(&c->replay, &c->grid);
}

void press(struct screen *c, const char *keys)
{
	int key;
	while ((key = key_parse(&keys)) > 0) {
		replay_key(&c->replay, key);
		replay_draw(&c->replay, &c->grid);
		work(c);
	}
	NEED(key == 0, "no such key: %s", keys);
}

void type(struct screen *c, const char *text, const char *keys)
{
	while (*text)
		replay_key(&c->replay, (int)utf8_next(&text));
	press(c, keys);
}

uint64_t at(const struct screen *c)
{
	return replay_step(&c->replay);
}

static char *print(const struct grid *g)
{
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);
	NEED(f && grid_print(g, f), "no memory");
	fclose(f);
	return text;
}

char *screen_text(const struct screen *c)
{
	return print(&c->grid);
}

bool on_screen(const struct screen *c, const char *words)
{
	char *text = print(&c->grid);
	bool has = strstr(text, words) != NULL;
	free(text);
	return has;
}

void golden_text(const char *name, int w, int h, const char *frame)
{
	const char *top = getenv("srcdir");
	char path[512];
	size_t n = strlen(frame), got;
	snprintf(path, sizeof path, "%s/tests/screen/frames/%s-%dx%d.txt", top ? top : ".", name, w, h);
	bool write = getenv("MAPSCOPE_REGENERATE") != NULL;
	FILE *f = fopen(path, write ? "w" : "r");
	NEED(f != NULL, "%s cannot be opened", path);
	if (write) {
		fputs(frame, f);
	} else {
		char *want = calloc(1, n + 4096);
		got = fread(want, 1, n + 4095, f);
		NEED(got == n && memcmp(want, frame, n) == 0, "%s differs; now:\n%.4000s", path, frame);
		free(want);
	}
	fclose(f);
}

void golden(const struct screen *c, const char *name)
{
	char *text = print(&c->grid);
	golden_text(name, c->grid.w, c->grid.h, text);
	free(text);
}

static char *frame_ansi(const struct grid *g)
{
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);
	NEED(f && grid_print_ansi(g, 0, 256, f), "no memory");
	fclose(f);
	return text;
}

void both_ways(const char *workload, int w, int h, const char *view)
{
	struct screen c;
	screen_record(&c, workload, NULL, w, h);
	press(&c, view);
	uint64_t n = 0;
	char **frame = calloc(c.source->steps + 1, sizeof *frame);
	for (frame[0] = frame_ansi(&c.grid); at(&c) < c.source->steps; frame[++n] = frame_ansi(&c.grid))
		press(&c, "."); /* folded steps are passed over */
	for (uint64_t i = n; i > 0; i--) {
		press(&c, ",");
		char *again = frame_ansi(&c.grid);
		NEED(strcmp(again, frame[i - 1]) == 0, "step %lu at %dx%d:\n%s\n%s", (unsigned long)i - 1, w,
			h, frame[i - 1], again);
		free(again);
	}
	for (uint64_t i = 0; i <= n; i++)
		free(frame[i]);
	free(frame);
	screen_close(&c);
}

const char *wrong_plural(const char *text)
{
	static regex_t one;
	static bool ready;
	regmatch_t m;
	if (!ready) /* tests/screen/plural.sh knows the same nouns */
		ready = regcomp(&one,
				"(^|[^0-9a-z.,:/_x+-])1 "
				"((overflow|old|new|more|other|free|spare|low|empty|cache|random) "
				")?(bytes|keys|elems|buckets|"
				"steps|operations|entries|slots|objects|blocks|pages|spans|lines|cores|"
				"chains|holes|bits|times|copies|"
				"growths|hints|items|rows|stacks|maps|probes|tophashes|are|were|have)([^a-z]|"
				"$)",
				REG_EXTENDED) == 0;
	NEED(ready, "the pattern is wrong");
	return regexec(&one, text, 1, &m, 0) == 0 ? text + m.rm_so : NULL;
}
