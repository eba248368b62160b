/* Operations typed one after the other; see session.h. */
#include "src/session/private.h"

#include "trace/base/grown.h"
#include "trace/base/memory.h"
#include "trace/base/translate.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

int session_fail(struct session *s, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	vsnprintf(s->error, sizeof s->error, _(format), ap);
	va_end(ap);
	s->column = 0;
	return -1;
}

static char *copy(const char *text, size_t n)
{
	return memory_need(strndup(text, n));
}

struct session *session_new(const char *name, store_new make)
{
	struct session *s = memory_get(sizeof *s);
	s->store_new = make;
	snprintf(s->name, sizeof s->name, "%s", name);
	return s;
}

static void machine_release(struct session *s)
{
	if (!s->ready)
		return;
	run_release(&s->run);
	script_release(&s->script);
	s->store->release(s->store);
	s->store = NULL;
	s->ready = false;
}

static int machine_make(struct session *s)
{
	machine_release(s);
	s->generation++;
	s->store = s->store_new(s->name);
	script_init(&s->script);
	s->ready = true;
	if (!run_init(&s->run, s->store->sink, NULL))
		return session_fail(s, "%s", s->run.error);
	return 0;
}

void session_cut(struct session *s, size_t at)
{
	while (s->lines > at)
		free(s->line[--s->lines].text);
}

void session_forget_changes(struct session *s)
{
	while (s->changes > 0) {
		struct session_change *c = &s->change[--s->changes];
		for (size_t i = 0; i < c->dropped_n; i++)
			free(c->dropped[i]);
		free(c->dropped);
	}
}

void session_free(struct session *s)
{
	if (!s)
		return;
	machine_release(s);
	session_cut(s, 0);
	session_forget_changes(s);
	free(s->line);
	free(s->change);
	free(s);
}

void session_add(struct session *s, const char *text, size_t n)
{
	s->line = grown(s->line, &s->lines_cap, s->lines, sizeof *s->line);
	s->line[s->lines++] = (struct session_line){ .text = copy(text, n), .first_op = s->run.ops + 1 };
}

/* ---- running ---- */

/* The first line of a parse error without "file:line:column: ", and the column. */
static int fail_parse(struct session *s)
{
	const char *p = strchr(s->script.error, ':');
	unsigned line = 0, column = 0;
	int n = 0;
	if (!p || sscanf(p, ":%u:%u: %n", &line, &column, &n) < 2)
		return session_fail(s, "%s", s->script.error);
	p += n;
	session_fail(s, "%.*s", (int)strcspn(p, "\n"), p);
	s->column = column;
	return -1;
}

/* Carries out the directives from `from` on. */
static int machine_run(struct session *s, size_t from)
{
	if (s->run.fatal)
		return session_fail(s, "a fatal error has ended the program; undo takes it back");
	if (run_script(&s->run, &s->script, from) < 0)
		return session_fail(s, "%s", s->run.error);
	if (s->store->sink->failed)
		return session_fail(s, "%s", s->store->sink->error);
	return 0;
}

int session_rebuild(struct session *s)
{
	uint64_t ops = 0;
	if (machine_make(s) != 0)
		return -1;
	for (size_t i = 0; i < s->lines; i++) {
		size_t before = s->script.count;
		struct session_line *l = &s->line[i];
		if (script_parse_line(&s->script, "play", (unsigned)i + 1, l->text, strlen(l->text)) != 0)
			return fail_parse(s);
		l->first_op = ops + 1;
		l->ops = s->script.count > before ? directive_operations(&s->script.directive[before]) : 0;
		ops += l->ops;
	}
	return machine_run(s, 0);
}

int session_begin_text(struct session *s, const char *text, size_t len)
{
	session_cut(s, 0);
	session_forget_changes(s);
	while (len > 0) {
		const char *end = memchr(text, '\n', len);
		size_t n = end ? (size_t)(end - text) : len;
		session_add(s, text, n && text[n - 1] == '\r' ? n - 1 : n);
		n += end != NULL;
		text += n;
		len -= n;
	}
	return session_rebuild(s);
}

void session_changed(struct session *s, size_t at, char **dropped, size_t n)
{
	s->change = grown(s->change, &s->changes_cap, s->changes, sizeof *s->change);
	s->change[s->changes++] = (struct session_change){ at, n, dropped };
}

/* Takes back the newest change. */
static void change_revert(struct session *s)
{
	struct session_change c = s->change[--s->changes];
	session_cut(s, c.at);
	for (size_t i = 0; i < c.dropped_n; i++) {
		session_add(s, c.dropped[i], strlen(c.dropped[i]));
		free(c.dropped[i]);
	}
	free(c.dropped);
}

int session_append(struct session *s, const char *text)
{
	size_t before = s->script.count;
	uint64_t steps = s->store->source->steps;
	if (s->run.fatal)
		return session_fail(s, "a fatal error has ended the program; undo takes it back");
	if (script_parse_line(&s->script, "play", (unsigned)s->lines + 1, text, strlen(text)) != 0)
		return fail_parse(s);
	if (s->script.count == before)
		return 0;
	session_add(s, text, strlen(text));
	struct session_line *l = &s->line[s->lines - 1];
	if (machine_run(s, before) != 0) {
		char error[sizeof s->error];
		snprintf(error, sizeof error, "%s", s->error);
		session_cut(s, s->lines - 1);
		if (steps != s->store->source->steps && session_rebuild(s) != 0)
			return -1;
		return session_fail(s, "%s", error);
	}
	l->ops = s->run.ops + 1 - l->first_op;
	return 0;
}

/* ---- taking back ---- */

int session_branch(struct session *s, uint64_t op)
{
	size_t at = 0;
	if (op >= s->run.ops)
		return 0;
	while (at < s->lines && s->line[at].first_op + s->line[at].ops <= op + 1)
		at++;
	size_t n = s->lines - at;
	char **dropped = memory_array(n + 1, sizeof *dropped), name[16] = "";
	int64_t lo;
	for (size_t i = 0; i < n; i++)
		dropped[i] = copy(s->line[at + i].text, strlen(s->line[at + i].text));
	uint64_t kept = n && s->line[at].first_op <= op ? op + 1 - s->line[at].first_op : 0;
	session_cut(s, at);
	unsigned core = 0;
	int prefix = 0; /* bytes of "core N " */
	if (kept)
		sscanf(dropped[0], " core %u %n", &core, &prefix);
	if (kept &&
		sscanf(dropped[0] + prefix, " %15s %" SCNd64, name, &lo) ==
			2) { /* a part of fill, probe or drain stays */
		char part[96] = "";
		int len = prefix ? snprintf(part, sizeof part, "core %u ", core) : 0;
		len += snprintf(part + len, sizeof part - (size_t)len, "%s %" PRId64 " %" PRId64, name, lo,
			lo + (int64_t)kept);
		session_add(s, part, (size_t)len);
	}
	session_changed(s, at, dropped, n);
	return session_rebuild(s);
}

static int undo(struct session *s, char *said, size_t cap)
{
	if (s->changes > 0) {
		change_revert(s);
		if (session_rebuild(s) != 0)
			return -1;
	} else if (s->run.ops > 0) { /* what the session began with */
		if (session_branch(s, s->run.ops - 1) != 0)
			return -1;
		struct session_change *c = &s->change[--s->changes];
		for (size_t i = 0; i < c->dropped_n; i++)
			free(c->dropped[i]);
		free(c->dropped);
	} else {
		return session_fail(s, "there is nothing to take back");
	}
	snprintf(said, cap,
		P_("taken back: %" PRIu64 " operation is left", "taken back: %" PRIu64 " operations are left",
			s->run.ops),
		s->run.ops);
	return 0;
}

/* ---- lines ---- */

int session_run(struct session *s, const char *line, uint64_t bucket, char *said, size_t cap)
{
	char word[16] = "", rest[2] = "";
	int n = sscanf(line, " %15s %1s", word, rest);
	said[0] = 0;
	if (n < 1 || word[0] == '#')
		return 0;
	if (strcmp(word, "undo") == 0 && n == 1)
		return undo(s, said, cap);
	if (strcmp(word, "evil") == 0)
		return session_collide(s, strstr(line, "evil") + 4, bucket, said, cap);
	size_t at = s->lines;
	if (session_append(s, line) != 0)
		return -1;
	if (s->lines > at)
		session_changed(s, at, NULL, 0);
	return 0;
}

void session_print(const struct session *s, FILE *out)
{
	for (size_t i = 0; i < s->lines; i++)
		fprintf(out, "%s\n", s->line[i].text);
}
