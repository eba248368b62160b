/* What the subcommands share: messages, reading files, opening what is at a path. */
#include "src/command/command.h"
#include "src/command/options.h"

#include "trace/base/escape.h"
#include "trace/base/memory.h"

#include "trace/base/memory.h"

#include "trace/base/file.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const struct command *command_find(const char *name)
{
	for (const struct command *c = commands; c->name; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

void command_print_clean(const char *text)
{
	escape_print_text(stderr, ESCAPE_LINES, text);
}

static void print_message(const char *name, const char *format, va_list ap)
{
	char text[2048];
	vsnprintf(text, sizeof text, _(format), ap);
	fflush(stdout);
	fprintf(stderr, "mapscope%s%s: ", *name ? " " : "", name);
	command_print_clean(text);
	fputc('\n', stderr);
}

int command_fail(const char *name, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	print_message(name, format, ap);
	va_end(ap);
	return EXIT_FAILED;
}

void command_for_programs(void)
{
	translate_close();
}

int command_usage(const char *name, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	if (format)
		print_message(name, format, ap);
	va_end(ap);
	fprintf(stderr, _("Try: mapscope%s%s --help\n"), *name ? " " : "", name);
	return EXIT_USAGE;
}

int command_usage_of(const char *name, const char *format, const char *text)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	return command_usage(name, format, text);
#pragma GCC diagnostic pop
}

int command_help(const char *name)
{
	const struct command *c = command_find(name);
	printf(_("Usage: mapscope %s %s\n%s.\n"), c->name, c->arguments, _(c->sentence));
	if (*c->options)
		printf("\n%s\n", _(c->options));
	return command_flush(name, stdout);
}

int command_flush(const char *name, FILE *out)
{
	if (fflush(out) == 0 && !ferror(out))
		return EXIT_DONE;
	if (errno == EPIPE) /* `| head` has seen enough */
		return EXIT_DONE;
	return command_fail(name, "the output cannot be written: %s", strerror(errno));
}

bool command_number(const char *text, uint64_t *ret)
{
	return *text >= '0' && *text <= '9' && literal_uint64(text, ret);
}

static bool grow_buffer(char **buffer, size_t *cap)
{
	*cap = *cap ? *cap * 2 : 65536;
	char *larger = realloc(*buffer, *cap);
	if (larger)
		*buffer = larger;
	return larger != NULL;
}

char *command_read_file(const char *name, const char *path, size_t *ret_len)
{
	bool from_stdin = strcmp(path, "-") == 0;
	FILE *in = from_stdin ? stdin : file_open_any(path);
	if (!in) {
		command_fail(name, "%s: %s", path,
			errno == EISDIR ? _("it is a folder, not a file") : strerror(errno));
		return NULL;
	}
	char *text = NULL;
	size_t cap = 0, len = 0;
	for (;;) {
		if (len == cap && !grow_buffer(&text, &cap)) {
			command_fail(name, "%s: it is too large for the memory", path);
			break;
		}
		size_t n = fread(text + len, 1, cap - len, in);
		len += n;
		if (n == 0) {
			if (ferror(in))
				command_fail(name, "%s: %s", path, strerror(errno));
			else
				goto done;
			break;
		}
	}
	free(text);
	text = NULL;
done:
	if (!from_stdin)
		fclose(in);
	*ret_len = len;
	return text;
}

int command_load_script(const char *name, const char *path, struct script *ret)
{
	size_t len;
	char *text = command_read_file(name, path, &len);
	if (!text)
		return -1;
	size_t n = strlen(path);
	if (len == 0 && n > 6 && strcmp(path + n - 6, ".trace") == 0) {
		free(text);
		return -command_fail(name, "%s is empty, not a trace", path);
	}
	if (memchr(text, 0, len) ||
		(len >= 6 && len < 100 && memcmp(text, "SQLite format 3", len < 15 ? len : 15) == 0)) {
		free(text);
		return -command_fail(name, "%s is neither a trace nor a workload", path);
	}
	int status = script_parse(ret, strcmp(path, "-") == 0 ? "stdin" : path, text, len);
	if (status) {
		fflush(stdout);
		command_print_clean(ret->error);
		fputc('\n', stderr);
		script_release(ret);
	}
	free(text);
	return status;
}

struct source *command_record_memory(const char *name, const char *workload, const struct script *s)
{
	char error[STORE_ERROR];
	struct store_options o = { .workload = workload, .text = s->text, .tool = PACKAGE_STRING };
	struct sink *sink = store_create(":memory:", &o, error);
	struct source *source = NULL;
	struct run r;
	if (!sink) {
		command_fail(name, "%s", error);
		return NULL;
	}
	bool ready = run_init(&r, sink, NULL);
	int status = ready ? run_script(&r, s, 0) : -1;
	if (status < 0)
		command_fail(name, "%s: %s", workload, r.error);
	else if (sink->failed)
		command_fail(name, "%s: %s", workload, sink->error);
	if (store_finish(sink, status != 0, &source, error)) {
		command_fail(name, "%s", error);
		source = NULL;
	}
	if (ready)
		run_release(&r);
	if (source) /* for titles: nobody knows the recording by a file */
		snprintf(source->name, sizeof source->name, "%s", workload);
	if (status < 0 && source) {
		source->close(source);
		source = NULL;
	}
	return source;
}

struct source *command_known_releases(const char *name, struct source *s)
{
	for (unsigned i = 0; s && i < s->maps; i++)
		if (!release_find(s->map[i].go)) {
			command_fail(name, "%s speaks of go%s, which this mapscope does not know", s->name,
				s->map[i].go);
			s->close(s);
			return NULL;
		}
	return s;
}

struct source *command_open(const char *name, const char *path)
{
	char error[STORE_ERROR];
	if (store_is_trace(path)) {
		struct source *s = store_open(path, error);
		if (!s)
			command_fail(name, "%s", error);
		return command_known_releases(name, s);
	}
	struct script script;
	if (command_load_script(name, path, &script))
		return NULL;
	const char *base = strrchr(path, '/');
	struct source *s = command_record_memory(name, base ? base + 1 : path, &script);
	script_release(&script);
	return s;
}

int command_operation_steps(struct source *s, uint64_t op, struct operation *ret, uint64_t *ret_last)
{
	struct operation next;
	*ret_last = s->steps;
	if (op < s->ops) {
		if (s->operation(s, op + 1, &next))
			return -1;
		*ret_last = next.first_step - 1;
	}
	if (s->operation(s, op, ret))
		return -1;
	if (*ret_last <= s->steps && ret->first_step >= 1 && ret->first_step <= *ret_last)
		return 0;
	snprintf(s->error, sizeof s->error,
		_("%s is damaged: operation %" PRIu64 " is said to end at step %" PRIu64
		  ", but the last step is %" PRIu64),
		s->name, op, *ret_last, s->steps);
	return -1;
}

struct map *command_map_of(const struct map_info *info)
{
	const struct release *r = release_find(info->go);
	struct map_options o = { .release = r ? r : release_default(),
		.seed = info->seed,
		.number = info->map,
		.key = info->key,
		.elem = info->elem,
		.aes = strcmp(info->hash, "aes") == 0 };
	return memory_need(engine_of(info->kind)->recorded(&o, info->part_of ? 0 : info->header));
}

int command_report(
	const char *name, int argc, char **argv, int (*run)(struct source *s, const char *path, bool json))
{
	bool json = false;
	const struct option_row rows[] = { OPTION_FLAG("json", &json), { 0 } };
	int status = options_read(name, argc, argv, rows);
	if (status < 0)
		status = options_one_file(name, argc);
	if (status >= 0)
		return status;
	struct source *s = command_open(name, argv[optind]);
	if (!s)
		return EXIT_FAILED;
	status = run(s, argv[optind], json);
	s->close(s);
	int flushed = command_flush(name, stdout);
	return status ? status : flushed;
}
