/* mapscope play: a session at a prompt, on a screen or from stdin.  The engine that the replay asks for,
 * joined from src/session and db/. */
#include "src/command/command.h"
#include "src/command/options.h"
#include "src/command/report.h"
#include "src/session/session.h"

#include "trace/base/file.h"
#include "trace/base/memory.h"
#include "trace/record/player.h"
#include "ui/scene/cost.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Static_assert((int)UI_WORD == (int)SESSION_WORD, "completions fit");

struct play {
	struct ui_engine ui; /* first */
	struct session *session;
	char name[32]; /* what it will be saved as, without .map */
	void *reserve; /* given back when there is no memory, so that what was typed can be saved */
};

static struct play *play_of(struct ui_engine *e)
{
	return (struct play *)(void *)e;
}

/* play-1, or the next number that is free. */
static void choose_name(struct play *p)
{
	for (int i = 1; i < 100000; i++) {
		char map[300], trace[300];
		snprintf(p->name, sizeof p->name, "play-%d", i);
		snprintf(map, sizeof map, "%s.map", p->name);
		snprintf(trace, sizeof trace, "%s.trace", p->name);
		if (!file_exists(map) && !file_exists(trace))
			break;
	}
	snprintf(p->session->name, sizeof p->session->name, "%s.trace", p->name);
	snprintf(p->ui.saved_as, sizeof p->ui.saved_as, "%s.map", p->name);
}

/* After the session has run something: its source may be another one. */
static void look_again(struct play *p)
{
	p->ui.source = p->session->store ? p->session->store->source : NULL;
	p->ui.generation = p->session->generation;
}

static int engine_run(
	struct ui_engine *e, const char *line, uint64_t bucket, char *said, size_t cap, unsigned *ret_column)
{
	struct play *p = play_of(e);
	int status = session_run(p->session, line, bucket, said, cap);
	look_again(p);
	if (status != 0) {
		snprintf(said, cap, "%s", p->session->error);
		*ret_column = p->session->column;
		return -1;
	}
	p->ui.unsaved = true;
	return 0;
}

static int engine_save(struct ui_engine *e, const char *name, char *said, size_t cap);

/* A session after operation op of a recording.  What had been played before is saved first. */
static int begin_anew(struct play *p, struct source *s, uint64_t op, char *said, size_t cap)
{
	char saved[700] = "";
	if (p->ui.unsaved && engine_save(&p->ui, NULL, saved, sizeof saved) != 0) {
		snprintf(p->session->error, sizeof p->session->error, "%s", saved);
		return -1;
	}
	choose_name(p);
	if (session_begin_source(p->session, s, op) != 0) { /* of this nothing stays */
		char why[sizeof p->session->error];
		memcpy(why, p->session->error, sizeof why);
		session_free(p->session);
		p->session = session_new("", store_memory);
		memcpy(p->session->error, why, sizeof why);
		choose_name(p);
		return -1;
	}
	snprintf(said, cap, "%s", saved);
	return 0;
}

static int engine_from(struct ui_engine *e, struct source *s, uint64_t op, char *said, size_t cap)
{
	struct play *p = play_of(e);
	int status = s == e->source ? session_branch(p->session, op) : begin_anew(p, s, op, said, cap);
	if (status != 0)
		snprintf(said, cap, "%s",
			p->session->error[0] ? p->session->error : _("this recording cannot be run again"));
	else if (s == e->source)
		snprintf(said, cap, "%s", _("undo brings back what came after"));
	look_again(p);
	return status;
}

/* All lines, as a workload. */
static char *lines_of(const struct play *p, size_t *ret_n)
{
	char *text = NULL;
	FILE *out = memory_need(open_memstream(&text, ret_n));
	session_print(p->session, out);
	if (fclose(out) != 0)
		memory_out();
	return text;
}

/* Does the file hold just these lines?  A save that failed half-way has left it. */
static bool holds(const char *path, const char *text, size_t n)
{
	FILE *in = file_open(path);
	char *there = memory_get(n + 1);
	bool same = in && fread(there, 1, n + 1, in) == n && memcmp(there, text, n) == 0;
	if (in)
		fclose(in);
	free(there);
	return same;
}

static bool save_lines(struct play *p, const char *path, char *said, size_t cap)
{
	size_t n;
	char *text = lines_of(p, &n);
	int why = file_put(path, text, n, false, 0666);
	if (why == EEXIST && holds(path, text, n))
		why = 0;
	free(text);
	if (why == EEXIST)
		snprintf(said, cap, _("%s is there already and stays; save NAME takes another name"), path);
	else if (why)
		snprintf(said, cap, _("%s cannot be written: %s"), path, strerror(why));
	return !why;
}

static int save_trace(struct play *p, const char *workload, const char *path, char *said, size_t cap)
{
	char error[STORE_ERROR];
	struct store_options o = { .late = true, .workload = workload, .tool = PACKAGE_STRING };
	struct sink *sink = store_create(path, &o, error);
	if (!sink) {
		snprintf(said, cap, "%s", error);
		return -1;
	}
	struct run r;
	bool ready = run_init(&r, sink, NULL);
	int status = ready ? run_script(&r, &p->session->script, 0) : -1;
	if (status != 0)
		snprintf(said, cap, "%s", *r.error ? r.error : sink->error);
	if (store_finish(sink, status != 0, NULL, error) != 0) {
		snprintf(said, cap, "%s", error);
		status = -1;
	}
	if (ready)
		run_release(&r);
	return status;
}

static int engine_save(struct ui_engine *e, const char *name, char *said, size_t cap)
{
	struct play *p = play_of(e);
	char map[300], trace[300];
	if (!p->session->ready) {
		snprintf(said, cap, "%s", _("there is nothing to save yet"));
		return -1;
	}
	if (!name || !*name) {
		choose_name(p);
		name = p->name;
	}
	size_t n = strlen(name);
	n -= n > 4 && strcmp(name + n - 4, ".map") == 0 ? 4 : 0;
	snprintf(map, sizeof map, "%.*s.map", (int)n, name);
	snprintf(trace, sizeof trace, "%.*s.trace", (int)n, name);
	if (file_exists(trace)) {
		snprintf(said, cap, _("%s is there already and stays; save NAME takes another name"), trace);
		return -1;
	}
	if (!save_lines(p, map, said, cap))
		return -1;
	if (save_trace(p, map, trace, said, cap) != 0)
		return -1;
	p->ui.unsaved = false;
	snprintf(said, cap, _("saved as %s and %s"), map, trace);
	return 0;
}

static size_t engine_complete(
	struct ui_engine *e, const char *text, char (*words)[UI_WORD], size_t n, size_t *typed)
{
	return session_complete(play_of(e)->session, text, words, n, typed);
}

static void engine_growth(struct ui_engine *e, char *out, size_t cap)
{
	session_growth(play_of(e)->session, out, cap);
}

/* What the selected map can do: a sync.Map's own operations are left out elsewhere. */
static bool engine_directive(struct ui_engine *e, size_t i, struct ui_directive *ret)
{
	const struct script *s = &play_of(e)->session->script;
	enum map_kind kind = s->map_count ? s->maps[s->selected].kind : engines[0]->kind;
	for (const struct directive_info *h = directive_info; h->name; h++)
		if (directive_serves(h, kind) && i-- == 0) {
			*ret = (struct ui_directive){ h->name, h->arguments, h->sentence };
			return true;
		}
	return false;
}

/* There is no memory: the lines are saved, the recording can be made from them again. */
static void rescue(void *context)
{
	struct play *p = context;
	char path[300];
	free(p->reserve);
	p->reserve = NULL;
	if (!p->ui.unsaved)
		return;
	choose_name(p);
	snprintf(path, sizeof path, "%s.map", p->name);
	size_t n;
	char *text = lines_of(p, &n);
	if (file_put(path, text, n, false, 0666) == 0)
		dprintf(STDERR_FILENO, _("mapscope: what was typed is saved as %s\n"), path);
}

struct ui_engine *command_engine_new(void)
{
	enum { RESERVE = 1 << 18 };
	struct play *p = memory_get(sizeof *p);
	p->reserve = memory_get(RESERVE);
	memory_hook_add(rescue, p);
	p->ui = (struct ui_engine){ .run = engine_run,
		.from = engine_from,
		.save = engine_save,
		.complete = engine_complete,
		.growth = engine_growth,
		.directive = engine_directive };
	p->session = session_new("", store_memory);
	choose_name(p);
	return &p->ui;
}

int command_engine_free(const char *name, struct ui_engine *e, bool save)
{
	struct play *p = play_of(e);
	char said[1024];
	int status = EXIT_DONE;
	if (save && p->ui.unsaved) {
		if (engine_save(e, NULL, said, sizeof said) != 0)
			status = command_fail(name, "%s", said);
		else
			printf("%s\n", said);
	}
	memory_hook_remove(rescue, p);
	session_free(p->session);
	free(p->reserve);
	free(p);
	return status;
}

/* ---- without a terminal ---- */

static void print_cost(struct costs *costs, struct source *s, uint64_t op)
{
	const struct op_cost *c = cost_of(costs, s, op);
	char result[512];
	if (!c)
		return;
	cost_result(c, result, sizeof result);
	printf("%" PRIu64 "\t", op);
	report_clean(c->words);
	printf("\t%s\ttops %u\tkeys %u\tlines %u\tsteps %" PRIu64 "\t", c->placed ? c->where : "-",
		c->tophashes, c->keys, c->lines, c->last - c->first + 1);
	report_clean(*result ? result : "-");
	putchar('\n');
}

static void print_said(const char *said)
{
	report_clean(said);
	putchar('\n');
}

/* One line of stdin.  -1: it was wrong. */
static int typed_line(struct play *p, struct costs *costs, const char *line)
{
	char said[1024] = "", word[16] = "", name[256] = "";
	unsigned column = 0;
	uint64_t ops = p->ui.source->ops, generation = p->ui.generation;
	sscanf(line, " %15s %255s", word, name);
	if (strcmp(word, "save") == 0) {
		if (engine_save(&p->ui, name, said, sizeof said) != 0) {
			command_fail("play", "%s", said);
			return -1;
		}
		print_said(said);
		return 0;
	}
	if (engine_run(&p->ui, line, 0, said, sizeof said, &column) != 0) {
		if (column)
			command_fail("play", "%s\n  %s\n  %*s", said, line, (int)column, "^");
		else
			command_fail("play", "%s", said);
		return -1;
	}
	if (generation != p->ui.generation)
		costs_release(costs);
	else
		for (uint64_t op = ops + 1; op <= p->ui.source->ops; op++)
			print_cost(costs, p->ui.source, op);
	if (*said)
		print_said(said);
	return 0;
}

static int from_stdin(struct play *p)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	int status = EXIT_DONE;
	struct costs *costs = memory_get(sizeof *costs);
	while ((n = getline(&line, &cap, stdin)) >= 0) {
		if (n > 0 && line[n - 1] == '\n')
			line[n - 1] = 0;
		const char *word = line + strspn(line, " ");
		if (strcmp(word, "quit") == 0 || strcmp(word, "q") == 0)
			break;
		if (typed_line(p, costs, line) != 0)
			status = EXIT_FAILED;
	}
	free(line);
	costs_release(costs);
	free(costs);
	int flushed = command_flush("play", stdout);
	return flushed ? flushed : status;
}

/* ---- the command ---- */

struct play_options {
	struct ui_options ui;
	const char *seed, *go, *hint;
};

/* "map[string]int64" as "map string int64 seed=... ": false: it is no map type. */
static bool map_directive(const char *type, const struct play_options *o, char *out, size_t cap)
{
	const char *key = type + 4, *end = strncmp(type, "map[", 4) == 0 ? key : NULL;
	int depth = 1;
	for (; end && *end && depth > 0; end++)
		depth += *end == '[' ? 1 : *end == ']' ? -1 : 0;
	if (!end || depth > 0 || !*end)
		return false;
	int n = snprintf(out, cap, "map %.*s %s", (int)(end - 1 - key), key, end);
	if (o->seed && n > 0 && (size_t)n < cap)
		n += snprintf(out + n, cap - (size_t)n, " seed=%s", o->seed);
	if (o->hint && n > 0 && (size_t)n < cap)
		n += snprintf(out + n, cap - (size_t)n, " hint=%s", o->hint);
	if (o->go && n > 0 && (size_t)n < cap)
		n += snprintf(out + n, cap - (size_t)n, " go=%s", o->go);
	return true;
}

static int begin(struct play *p, const char *what, const struct play_options *o)
{
	char line[1024];
	if (!what || strncmp(what, "map[", 4) == 0) {
		if (!map_directive(what ? what : "map[string]int64", o, line, sizeof line))
			return command_usage(
				"play", "\"%s\" is no type of map; write map[string]int64", what);
		if (session_begin_text(p->session, line, strlen(line)) != 0)
			return command_usage("play", "%s\n  %s", p->session->error, line);
		return EXIT_DONE;
	}
	if (o->seed || o->go || o->hint)
		return command_usage("play", "--seed, --go and --hint are for a new map, not for %s", what);
	if (store_is_trace(what)) {
		struct source *s = command_open("play", what);
		if (!s)
			return EXIT_FAILED;
		int status = session_begin_source(p->session, s, s->ops);
		s->close(s);
		return status ? command_fail("play", "%s", p->session->error) : EXIT_DONE;
	}
	struct script script; /* says what is wrong, with the line in sight */
	size_t len;
	if (command_load_script("play", what, &script))
		return EXIT_FAILED;
	script_release(&script);
	char *text = command_read_file("play", what, &len);
	if (!text)
		return EXIT_FAILED;
	int status = session_begin_text(p->session, text, len);
	free(text);
	return status ? command_fail("play", "%s: %s", what, p->session->error) : EXIT_DONE;
}

int cmd_play(int argc, char **argv)
{
	struct play_options o = { .ui = { .play = true } };
	const struct option_row rows[] = { OPTION_TEXT("seed", &o.seed), OPTION_TEXT("go", &o.go),
		OPTION_TEXT("hint", &o.hint), OPTION_FLAG("ascii", &o.ui.ascii),
		OPTION_TEXT("theme", &o.ui.theme), { 0 } };
	int status = options_read("play", argc, argv, rows);
	if (status >= 0)
		return status;
	if (argc - optind > 1)
		return command_usage("play", "one map, workload or trace at a time");
	bool terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	struct ui_engine *e = command_engine_new();
	status = begin(play_of(e), optind < argc ? argv[optind] : NULL, &o);
	look_again(play_of(e));
	if (status == EXIT_DONE && terminal) {
		o.ui.engine = e;
		o.ui.history = true;
		o.ui.step = e->source->steps;
		if (ui_run(e->source, &o.ui) != 0)
			status = command_fail("play", "%s", e->source->error);
	} else if (status == EXIT_DONE) {
		status = from_stdin(play_of(e));
	}
	int saved = command_engine_free("play", e, terminal);
	return status ? status : saved;
}
