/* mapscope record: a workload, stdin or a list of keys into a trace. */
#include "src/command/command.h"
#include "src/command/options.h"
#include "src/command/report.h"

#include "trace/base/escape.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Ctrl-C ends the recording after the operation under way; what was recorded is kept. */
static volatile int interrupted;

static void on_signal(int signal_number)
{
	interrupted = signal_number;
}

struct watcher {
	struct run_observer base;
	struct progress progress;
	uint64_t expected; /* operations */
};

static bool on_done(struct run_observer *base, const struct map *m, uint64_t op, enum op_kind kind)
{
	enum { LOOK = 64 }; /* the clock is looked at every so many operations */
	struct watcher *w = (struct watcher *)base;
	(void)m;
	(void)kind;
	if (op % LOOK == 0)
		progress_draw(&w->progress, op, w->expected);
	return true;
}

static uint64_t expected_operations(const struct script *s)
{
	uint64_t n = 0;
	for (size_t i = 0; i < s->count; i++)
		n += directive_operations(&s->directive[i]);

	return n;
}

struct request {
	const char *workload, *keys, *map, *output;
	bool force, json;
};

static void report(
	const struct request *q, const char *path, const struct run *r, uint64_t steps, double seconds)
{
	if (q->json) {
		struct json j = json_to(stdout);
		json_object(&j);
		json_key_text(&j, "trace", path);
		json_key_unsigned(&j, "operations", r->ops);
		json_key_unsigned(&j, "steps", steps);
		json_key_bool(&j, "complete", !interrupted);
		json_key_bool(&j, "fatal", r->fatal);
		json_key(&j, "seconds");
		json_fixed(&j, seconds, 3);
		json_end(&j);
		putchar('\n');
		return;
	}
	escape_print_text(stderr, ESCAPE_TEXT, path);
	fprintf(stderr, _(": %s, %s%s\n"), counted_operations(r->ops), counted_steps(steps),
		r->fatal ? _("; Go's fatal error ended it") : "");
}

static int record_script(const struct request *q, const struct script *s, const char *name, const char *path)
{
	char error[STORE_ERROR];
	struct store_options o = {
		.overwrite = q->force, .workload = name, .text = s->text, .tool = PACKAGE_STRING
	};
	char left[4096 + 64];
	if (q->force && store_unfinished(path, left, sizeof left))
		fprintf(stderr,
			_("%s was left by a recording that was killed before it replaced %s; if nobody needs "
			  "it, remove it\n"),
			left, path);
	struct sink *sink = store_create(path, &o, error);
	struct run r;
	if (!sink)
		return command_fail("record", "%s", error);
	struct watcher w = { .base = { .done = on_done },
		.progress = progress_begin("record", N_("operations")),
		.expected = expected_operations(s) };
	int status = EXIT_DONE, ran = -1;
	bool ready = run_init(&r, sink, &w.base);
	if (ready) {
		r.interrupt = &interrupted;
		struct sigaction act = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
		sigaction(SIGINT, &act, NULL);
		sigaction(SIGTERM, &act, NULL);
		sigaction(SIGHUP, &act, NULL);
		ran = run_script(&r, s, 0);
	}
	progress_end(&w.progress);
	uint64_t steps = sink->steps;
	bool sink_failed = sink->failed;
	if (ran < 0)
		status = command_fail("record", "%s: %s", name, r.error);
	if (sink_failed)
		status = command_fail("record", "%s", sink->error);
	if (store_finish(sink, ran != 0, NULL, error) && !sink_failed)
		status = command_fail("record", "%s", error);
	if (interrupted && status == EXIT_DONE)
		status = command_fail("record",
			P_("stopped by a signal; %s keeps the %" PRIu64 " operation that was recorded",
				"stopped by a signal; %s keeps the %" PRIu64 " operations that were recorded",
				r.ops),
			path, r.ops);
	if (status == EXIT_DONE || (interrupted && q->json))
		report(q, path, &r, steps, progress_seconds(&w.progress));
	if (ready)
		run_release(&r);
	return status;
}

/* ---- a list of keys ---- */

/* A script that puts a key for each line of the file; the elem of a number type is the line's number. */
static int script_of_keys(const struct request *q, struct script *s)
{
	char head[512];
	size_t len;
	script_init(s);
	int n = snprintf(head, sizeof head, "map %s", q->map ? q->map : "string int64");
	if (script_parse_line(s, "--map", 1, head, (size_t)n < sizeof head ? (size_t)n : sizeof head - 1)) {
		fprintf(stderr, "%s\n", s->error);
		return -1;
	}
	char *text = command_read_file("record", q->keys, &len), *at = text;
	if (!text)
		return -1;
	unsigned line = 0;
	int status = 0;
	const struct go_type *elem_type = &s->maps[0].options.elem;
	while (status == 0 && len > 0) {
		char *end = memchr(at, '\n', len);
		size_t used = end ? (size_t)(end - at) : len, keep = used;
		if (keep > 0 && at[keep - 1] == '\r')
			keep--;
		line++;
		if (keep > 0) {
			char number[24];
			snprintf(number, sizeof number, "%u", line);
			const char *elem = elem_type->kind == GO_EMPTY ? "{}"
				: elem_type->kind == GO_BOOL           ? "true"
								       : number;
			const char *key = script_quote(&s->pool, at, keep);
			char *put = pool_alloc(&s->pool, strlen(key) + strlen(elem) + 8);
			int put_len = sprintf(put, "put %s %s", key, elem);
			status = script_parse_line(s, q->keys, line, put, (size_t)put_len);
		}
		at += used + (end != NULL);
		len -= used + (end != NULL);
	}
	free(text);
	if (status) {
		command_print_clean(s->error);
		fputc('\n', stderr);
	}
	return status;
}

/* The workload's name with .trace, in the current folder: samples may lie where nothing can be written. */
static void default_output(const char *from, char *out, size_t cap)
{
	const char *base = strrchr(from, '/');
	base = base ? base + 1 : from;
	if (strcmp(from, "-") == 0)
		base = "stdin";
	const char *dot = strrchr(base, '.');
	size_t n = dot && dot > base ? (size_t)(dot - base) : strlen(base);
	snprintf(out, cap, "%.*s.trace", (int)n, base);
}

static int record(const struct request *q)
{
	struct script s;
	char path[4096];
	const char *from = q->keys ? q->keys : q->workload;
	if (q->output)
		snprintf(path, sizeof path, "%s", q->output);
	else
		default_output(from, path, sizeof path);
	struct stat st;
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return command_fail("record", "%s is a folder; -o takes a file's name", path);
	if (!q->force && access(path, F_OK) == 0)
		return command_fail(
			"record", "%s exists already; --force replaces it, -o names another", path);
	int bad = q->keys ? script_of_keys(q, &s) : command_load_script("record", q->workload, &s);
	if (bad) {
		if (q->keys)
			script_release(&s);
		return EXIT_FAILED;
	}
	const char *base = strrchr(from, '/');
	int status = record_script(q, &s, strcmp(from, "-") == 0 ? "stdin" : base ? base + 1 : from, path);
	script_release(&s);
	return status;
}

int cmd_record(int argc, char **argv)
{
	struct request q = { 0 };
	const struct option_row rows[] = { OPTION_LETTER("output", 'o', &q.output),
		OPTION_TEXT("keys", &q.keys), OPTION_TEXT("map", &q.map), OPTION_FLAG("force", &q.force),
		OPTION_FLAG("json", &q.json), { 0 } };
	int status = options_read("record", argc, argv, rows);
	if (status >= 0)
		return status;
	if (q.keys && argc > optind)
		return command_usage("record", "--keys takes the place of a workload");
	if (!q.keys && argc - optind != 1)
		return command_usage("record",
			argc == optind ? "which workload? (- is stdin)" : N_("one workload at a time"));
	if (q.map && !q.keys)
		return command_usage("record", "--map goes with --keys");
	if (q.output && strcmp(q.output, "-") == 0)
		return command_usage("record", "a trace cannot go to stdout; -o takes a file's name");
	q.workload = q.keys ? NULL : argv[optind];
	if (q.workload && store_is_trace(q.workload))
		return command_fail("record", "%s is a trace already; mapscope replay shows it", q.workload);
	return record(&q);
}
