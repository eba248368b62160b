/* Operations typed one after the other; see session.h. */
#include "session.h"

#include "grown.h"
#include "../trace/translate.h"

#include "../trace/model.h"
#include "../trace/player.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Candidates that evil hashes at most: some seconds. */
enum { EVIL_TRIES = 1 << 26, EVIL_KEYS = 1000 };

static int fail(struct session *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
static int fail(struct session *s, const char *format, ...)
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
	char *p = strndup(text, n);
	if (!p)
		abort();
	return p;
}

struct session *session_new(const char *name)
{
	struct session *s = calloc(1, sizeof *s);
	if (!s)
		abort();
	snprintf(s->name, sizeof s->name, "%s", name);
	return s;
}

static void machine_release(struct session *s)
{
	if (!s->ready)
		return;
	run_release(&s->run);
	script_release(&s->script);
	live_release(s->live);
	free(s->live);
	s->live = NULL;
	s->ready = false;
}

static int machine_make(struct session *s)
{
	machine_release(s);
	s->generation++;
	s->live = malloc(sizeof *s->live);
	if (!s->live)
		abort();
	live_init(s->live, s->name);
	script_init(&s->script);
	s->ready = true;
	if (!run_init(&s->run, &s->live->sink, NULL, NULL))
		return fail(s, "%s", s->run.error);
	return 0;
}

static void lines_cut(struct session *s, size_t at)
{
	while (s->lines > at)
		free(s->line[--s->lines].text);
}

static void changes_forget(struct session *s)
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
	lines_cut(s, 0);
	changes_forget(s);
	free(s->line);
	free(s->change);
	free(s);
}

static void line_add(struct session *s, const char *text, size_t n)
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
		return fail(s, "%s", s->script.error);
	p += n;
	fail(s, "%.*s", (int)strcspn(p, "\n"), p);
	s->column = column;
	return -1;
}

/* Carries out the directives from `from` on. */
static int machine_run(struct session *s, size_t from)
{
	if (s->run.fatal)
		return fail(s, "a fatal error has ended the program; undo takes it back");
	if (run_script(&s->run, &s->script, from) < 0)
		return fail(s, "%s", s->run.error);
	if (s->live->sink.failed)
		return fail(s, "%s", s->live->sink.error);
	return 0;
}

/* What an operation count is for a directive; a loop has one for each element. */
static uint64_t directive_ops(const struct directive *d)
{
	switch (d->kind) {
	case DO_MAP: case DO_USE: case DO_SAY: return 0;
	case DO_FILL: case DO_PROBE: case DO_DRAIN: return d->loop.hi > d->loop.lo ? (uint64_t)d->loop.hi - (uint64_t)d->loop.lo : 0;
	default: return 1;
	}
}

/* Runs all lines anew, in one go, as recording the workload would. */
static int rebuild(struct session *s)
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
		l->ops = s->script.count > before ? directive_ops(&s->script.directive[before]) : 0;
		ops += l->ops;
	}
	return machine_run(s, 0);
}

int session_begin_text(struct session *s, const char *text, size_t len)
{
	lines_cut(s, 0);
	changes_forget(s);
	while (len > 0) {
		const char *end = memchr(text, '\n', len);
		size_t n = end ? (size_t)(end - text) : len;
		line_add(s, text, n && text[n - 1] == '\r' ? n - 1 : n);
		n += end != NULL;
		text += n;
		len -= n;
	}
	return rebuild(s);
}

static void change_add(struct session *s, size_t at, char **dropped, size_t n)
{
	s->change = grown(s->change, &s->changes_cap, s->changes, sizeof *s->change);
	s->change[s->changes++] = (struct session_change){ at, n, dropped };
}

/* Takes back the newest change. */
static void change_revert(struct session *s)
{
	struct session_change c = s->change[--s->changes];
	lines_cut(s, c.at);
	for (size_t i = 0; i < c.dropped_n; i++) {
		line_add(s, c.dropped[i], strlen(c.dropped[i]));
		free(c.dropped[i]);
	}
	free(c.dropped);
}

/* Runs one more line; when it cannot be done everything is as before. */
static int append(struct session *s, const char *text)
{
	size_t before = s->script.count;
	uint64_t steps = s->live->source.steps;
	if (s->run.fatal)
		return fail(s, "a fatal error has ended the program; undo takes it back");
	if (script_parse_line(&s->script, "play", (unsigned)s->lines + 1, text, strlen(text)) != 0)
		return fail_parse(s);
	if (s->script.count == before)
		return 0;
	line_add(s, text, strlen(text));
	struct session_line *l = &s->line[s->lines - 1];
	if (machine_run(s, before) != 0) {
		char error[sizeof s->error];
		snprintf(error, sizeof error, "%s", s->error);
		lines_cut(s, s->lines - 1);
		if (steps != s->live->source.steps && rebuild(s) != 0)
			return -1;
		return fail(s, "%s", error);
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
	char **dropped = malloc((n + 1) * sizeof *dropped), name[16] = "";
	int64_t lo;
	if (!dropped)
		abort();
	for (size_t i = 0; i < n; i++)
		dropped[i] = copy(s->line[at + i].text, strlen(s->line[at + i].text));
	uint64_t kept = n && s->line[at].first_op <= op ? op + 1 - s->line[at].first_op : 0;
	lines_cut(s, at);
	if (kept && sscanf(dropped[0], " %15s %" SCNd64, name, &lo) == 2) { /* a part of fill, probe or drain stays */
		char part[64];
		int len = snprintf(part, sizeof part, "%s %" PRId64 " %" PRId64, name, lo, lo + (int64_t)kept);
		line_add(s, part, (size_t)len);
	}
	change_add(s, at, dropped, n);
	return rebuild(s);
}

static int undo(struct session *s, char *said, size_t cap)
{
	if (s->changes > 0) {
		change_revert(s);
		if (rebuild(s) != 0)
			return -1;
	} else if (s->run.ops > 0) { /* what the session began with */
		if (session_branch(s, s->run.ops - 1) != 0)
			return -1;
		struct session_change *c = &s->change[--s->changes];
		for (size_t i = 0; i < c->dropped_n; i++)
			free(c->dropped[i]);
		free(c->dropped);
	} else {
		return fail(s, "there is nothing to take back");
	}
	snprintf(said, cap, s->run.ops == 1 ? "taken back: %" PRIu64 " operation is left" : "taken back: %" PRIu64 " operations are left", s->run.ops);
	return 0;
}

/* ---- evil ---- */

static uint64_t word_at(const struct gomap *m, uint64_t addr)
{
	uint64_t v;
	memcpy(&v, arena_host(m->arena, addr), 8);
	return v;
}

/* The B that the map will have with n keys more, if nothing is deleted. */
static unsigned later_B(const struct gomap *m, uint64_t n)
{
	uint64_t count = word_at(m, m->hmap + HMAP_COUNT) + n;
	unsigned B = *(uint8_t *)arena_host(m->arena, m->hmap + HMAP_B);
	while (count > SLOTS && B < 40 && count > m->release->load_numerator * ((UINT64_C(1) << B) / 2))
		B++;
	return B;
}

static int evil_puts(struct session *s, struct gomap *m, uint64_t n, uint64_t bucket, char *said, size_t cap)
{
	const struct map_type *t = &m->type;
	unsigned B = later_B(m, n);
	uint64_t mask = (UINT64_C(1) << B) - 1, found = 0, random = 0;
	uint32_t hash0;
	uint8_t *kb = malloc(LITERAL_BUFFER + t->key.size), *vb = malloc(LITERAL_BUFFER + t->elem.size);
	size_t at = 0;
	if (!kb || !vb)
		abort();
	memcpy(&hash0, arena_host(m->arena, m->hmap + HMAP_HASH0), 4);
	at = (size_t)snprintf(said, cap, "keys for bucket %" PRIu64 ":", bucket);
	for (int64_t i = 0; found < n && i < EVIL_TRIES; i++) {
		struct go_value key, elem;
		char line[160], k[32], v[32];
		literal_element(&t->key, i, 'k', kb, &key, NULL);
		if ((hash_value(&m->keys, &key, hash0, &random) & mask) != bucket)
			continue;
		bool there = gomap_silent[t->variant].access(m, &key) != 0;
		m->fault = -1;
		if (there)
			continue;
		literal_element(&t->key, i, 'k', kb, &key, k);
		literal_element(&t->elem, i, 'v', vb, &elem, v);
		snprintf(line, sizeof line, "put %s %s", k, v);
		if (append(s, line) != 0)
			break;
		found++;
		if (at + strlen(k) + 8 < cap)
			at += (size_t)snprintf(said + at, cap - at, " %s", k);
		memcpy(&hash0, arena_host(m->arena, m->hmap + HMAP_HASH0), 4);
	}
	free(kb);
	free(vb);
	return found == n ? 0 : -1;
}

/* "evil N [BUCKET]": N puts of keys whose hashes agree in every bit that the map will look at. */
static int evil(struct session *s, const char *arguments, uint64_t bucket, char *said, size_t cap)
{
	uint64_t n = 5, steps = s->live->source.steps;
	char rest[8] = "";
	int words = sscanf(arguments, "%" SCNu64 " %" SCNu64 " %7s", &n, &bucket, rest);
	if ((words < 1 && arguments[strspn(arguments, " ")]) || words > 2 || n < 1 || n > EVIL_KEYS) {
		fail(s, "write evil N [BUCKET]: N keys, 1 to %d, for one bucket", EVIL_KEYS);
		s->column = 6;
		return -1;
	}
	struct gomap *m = s->run.selected ? run_map(&s->run, s->run.selected - 1u) : NULL;
	if (!m || !m->hmap)
		return fail(s, "there is no map that could take keys");
	bucket &= (UINT64_C(1) << *(uint8_t *)arena_host(m->arena, m->hmap + HMAP_B)) - 1;
	size_t at = s->lines;
	if (evil_puts(s, m, n, bucket, said, cap) == 0) {
		change_add(s, at, NULL, 0);
		return 0;
	}
	bool own = s->live->sink.failed || s->run.error[0];
	lines_cut(s, at);
	if (steps != s->live->source.steps && rebuild(s) != 0)
		return -1;
	return own ? -1 : fail(s, "there are not that many keys of this type for one bucket");
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
		return evil(s, strstr(line, "evil") + 4, bucket, said, cap);
	size_t at = s->lines;
	if (append(s, line) != 0)
		return -1;
	if (s->lines > at)
		change_add(s, at, NULL, 0);
	return 0;
}

void session_growth(const struct session *s, char *out, size_t cap)
{
	const struct gomap *m = s->run.selected ? run_map(&s->run, s->run.selected - 1u) : NULL;
	struct hmap_view h;
	out[0] = 0;
	if (!m || !m->hmap || !hmap_read(&m->arena->reader, &m->type, m->hmap, &h) || h.B > 40)
		return;
	uint64_t limit = m->release->load_numerator * ((UINT64_C(1) << h.B) / 2), most = UINT64_C(1) << (h.B < 15 ? h.B : 15);
	if (limit < SLOTS)
		limit = SLOTS;
	if (h.oldbuckets) {
		snprintf(out, cap, "growing: nevacuate %" PRIu64 " of %" PRIu64 " old buckets; each put or del moves 1 or 2", h.nevacuate,
			 h.old_buckets_count);
		return;
	}
	if (h.noverflow >= most) {
		snprintf(out, cap, "next growth: the next new key, same size (%u overflow buckets are too many)", h.noverflow);
		return;
	}
	uint64_t left = (uint64_t)h.count <= limit ? limit - (uint64_t)h.count : 0;
	char why[96] = "";
	if (h.B == 0)
		snprintf(why, sizeof why, "(%" PRIu64 " > one bucket of 8)", limit + 1);
	else
		snprintf(why, sizeof why, "(%" PRIu64 " > %" PRIu64 " = %g x %" PRIu64 ")", limit + 1, limit, m->release->load_numerator / 2.0,
			 UINT64_C(1) << h.B);
	if (left == 0)
		snprintf(out, cap, "next growth: the next new key %s", why);
	else
		snprintf(out, cap, "next growth: after %" PRIu64 " more new %s %s", left, left == 1 ? "key" : "keys", why);
}

void session_print(const struct session *s, FILE *out)
{
	for (size_t i = 0; i < s->lines; i++)
		fprintf(out, "%s\n", s->line[i].text);
}

/* ---- from a recording ---- */

static void map_line(struct session *s, const struct map_info *m)
{
	char text[512], hint[40] = "";
	const char *place = strcmp(m->place, "stack") == 0 ? " place=stack" : "";
	const char *hash = strcmp(m->hash, "aes") == 0 ? " hash=aes" : "";
	if (m->hint >= 0)
		snprintf(hint, sizeof hint, " hint=%" PRId64, m->hint);
	int n = snprintf(text, sizeof text, "%s %s %s name=%s seed=%" PRIu64 " go=%s%s%s%s", m->hmap ? "map" : "nilmap", m->key_type,
		m->elem_type, m->name, m->seed, m->go, hint, place, hash);
	line_add(s, text, (size_t)n);
}

static void words_line(struct session *s, const char *a, const char *b, const char *c)
{
	size_t n = strlen(a) + (b ? strlen(b) : 0) + (c ? strlen(c) : 0) + 3;
	char *text = malloc(n);
	if (!text)
		abort();
	snprintf(text, n, "%s%s%s%s%s", a, b ? " " : "", b ? b : "", c ? " " : "", c ? c : "");
	line_add(s, text, strlen(text));
	free(text);
}

static void say_line(struct session *s, const struct event *e)
{
	struct pool pool = { 0 };
	uint64_t n = e->size < 65536 ? e->size : 65536;
	char *text = malloc(n + 1);
	if (!text)
		abort();
	for (uint64_t i = 0; i < n; i++)
		text[i] = (char)event_byte(e->new, e->size, i);
	words_line(s, "say", script_quote(&pool, text, n), NULL);
	pool_release(&pool);
	free(text);
}

static int operation_line(struct session *s, struct source *from, uint64_t op, uint16_t *selected)
{
	struct operation o;
	if (from->operation(from, op, &o) != 0)
		return fail(s, "%s", from->error);
	if (o.kind != OP_NEXT && o.kind != OP_GC && o.map && o.map != *selected && o.map <= from->maps) {
		words_line(s, "use", from->map[o.map - 1].name, NULL);
		*selected = o.map;
	}
	words_line(s, op_kind_name[o.kind], o.key, o.elem);
	return 0;
}

/* The workload that made steps 1..end, from its rows and from what was told between them. */
static int source_lines(struct session *s, struct source *from, uint64_t end)
{
	struct chunk c = { 0 };
	uint16_t selected = 0;
	uint64_t op = 0;
	int status = 0;
	for (uint64_t step = 1; status == 0 && step <= end; step += c.count) {
		if (from->chunk(from, step, &c) != 0 || c.first != step || !c.count) {
			status = fail(s, "%s", from->error);
			break;
		}
		for (uint32_t i = 0; status == 0 && i < c.count && c.first + i <= end; i++) {
			const struct event *e = &c.events[i];
			if (e->kind == EV_MAP && e->a >= 1 && e->a <= from->maps)
				map_line(s, &from->map[(selected = (uint16_t)e->a) - 1]);
			else if (e->kind == EV_SAY)
				say_line(s, e);
			else if (e->kind == EV_OP)
				status = operation_line(s, from, ++op, &selected);
		}
	}
	chunk_release(&c);
	return status;
}

/* Is the memory at the end of the session that of the other recording? */
static bool same_memory(struct session *s, struct source *from, uint64_t step)
{
	struct player a, b;
	player_init(&a, from);
	player_init(&b, &s->live->source);
	bool same = player_seek(&a, step) == 0 && player_seek(&b, s->live->source.steps) == 0 &&
		image_sum(a.image) == image_sum(b.image);
	player_release(&a);
	player_release(&b);
	return same;
}

int session_begin_source(struct session *s, struct source *from, uint64_t op)
{
	struct operation next;
	uint64_t end = from->steps;
	if (op < from->ops) {
		if (from->operation(from, op + 1, &next) != 0)
			return fail(s, "%s", from->error);
		end = next.first_step - 1;
	}
	if (end > LIVE_STEPS)
		return fail(s, "%s: a session holds at most %d steps, and here are %" PRIu64, from->name, LIVE_STEPS, end);
	lines_cut(s, 0);
	changes_forget(s);
	if (source_lines(s, from, end) != 0 || rebuild(s) != 0)
		return -1;
	if (!same_memory(s, from, end))
		return fail(s, "%s: run again, operations 1 to %" PRIu64 " give other bytes; this program cannot go on from here", from->name, op);
	return 0;
}

/* ---- completion ---- */

struct completing {
	const char *prefix;
	size_t prefix_len, count, most;
	char (*words)[SESSION_WORD];
};

/* Keeps the list sorted and without doubles. */
static void offer(struct completing *c, const char *word)
{
	size_t at = c->count;
	if (strncmp(word, c->prefix, c->prefix_len) != 0 || strlen(word) >= SESSION_WORD)
		return;
	while (at > 0 && strcmp(c->words[at - 1], word) > 0)
		at--;
	if ((at > 0 && strcmp(c->words[at - 1], word) == 0) || at == c->most)
		return;
	if (c->count == c->most)
		c->count--;
	memmove(c->words + at + 1, c->words + at, (c->count - at) * sizeof *c->words);
	strcpy(c->words[at], word);
	c->count++;
}

static void offer_keys_of(struct completing *c, const struct gomap *m, struct bucket_view *b)
{
	const struct reader *r = &m->arena->reader;
	uint8_t raw[INDIRECT_OVER + 8];
	char text[SESSION_WORD];
	for (unsigned i = 0; i < SLOTS; i++) {
		if (!tophash_full(b->tophash[i]) || !r->read(r, b->addr + m->type.keys + i * m->type.keysize, raw, m->type.keysize))
			continue;
		if (slot_value_print(r, &m->type.key, m->type.indirect_key, raw, VALUE_HUMAN, text, sizeof text) >= sizeof text)
			continue;
		struct pool pool = { 0 };
		offer(c, script_quote(&pool, text, strlen(text)));
		pool_release(&pool);
	}
}

static void offer_keys(struct completing *c, const struct gomap *m)
{
	enum { MOST = 20000 }; /* buckets: some 20 ms */
	const struct reader *r = &m->arena->reader;
	struct hmap_view h;
	struct bucket_view b;
	unsigned n = 0;
	if (!m->hmap || !hmap_read(r, &m->type, m->hmap, &h))
		return;
	for (int array = ARRAY_NEW; array <= ARRAY_OLD; array++)
		for (uint64_t i = 0; i < array_buckets(&h, array) && n < MOST; i++) {
			if (!bucket_first(r, &m->type, &h, array, i, &b))
				continue;
			do
				offer_keys_of(c, m, &b);
			while (n++ < MOST && bucket_next(r, &m->type, &h, &b));
		}
}

size_t session_complete(struct session *s, const char *text, char (*words)[SESSION_WORD], size_t n)
{
	static const char *const more[] = { "undo", "evil", "save", "quit", "help" };
	struct completing c = { .most = n, .words = words };
	const char *last = strrchr(text, ' ');
	char first[16] = "";
	c.prefix = last ? last + 1 : text;
	c.prefix_len = strlen(c.prefix);
	if (!last || text + strspn(text, " ") > last) {
		for (const struct directive_help *h = directive_help; h->name; h++)
			offer(&c, h->name);
		for (size_t i = 0; i < sizeof more / sizeof more[0]; i++)
			offer(&c, more[i]);
		return c.count;
	}
	sscanf(text, "%15s", first);
	const char *after = text + strspn(text, " ") + strlen(first);
	if (after + strspn(after, " ") < c.prefix) /* the third word and those after it: values */
		return 0;
	struct gomap *m = s->run.selected ? run_map(&s->run, s->run.selected - 1u) : NULL;
	if (m && (strcmp(first, "put") == 0 || strcmp(first, "get") == 0 || strcmp(first, "del") == 0))
		offer_keys(&c, m);
	if (strcmp(first, "use") == 0)
		for (size_t i = 0; i < s->script.map_count; i++)
			offer(&c, s->script.maps[i].name);
	if (strcmp(first, "next") == 0 || strcmp(first, "iter") == 0)
		for (size_t i = 0; i < s->script.iter_count; i++)
			offer(&c, s->script.iters[i]);
	return c.count;
}
