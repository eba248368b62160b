/* Bookmarks in a file; see bookmarks.h. */
#include "ui/find/bookmarks.h"
#include "ui/state/home.h"
#include "ui/grid/text.h"

#include "trace/base/builder.h"
#include "trace/record/walk.h"
#include "trace/base/file.h"
#include "trace/base/memory.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A file of bookmarks is small; the rest of a larger one is not read and the file never written. */
enum { NOTES_BYTES = 4 << 20 };

/* ---- paths ---- */

static char *format_path(const char *format, const char *a, const char *b)
{
	char *out;
	return asprintf(&out, format, a, b) < 0 ? NULL : out;
}

/* A name of a file for a path: '/' becomes '%', a long one keeps its end. */
static char *state_path(const char *of)
{
	char name[NAME_MAX - 20];
	size_t n = strlen(of), most = sizeof name - sizeof ".notes";
	snprintf(name, sizeof name, "%s.notes", n > most ? of + n - most : of);
	for (char *p = name; *p; p++)
		if (*p == '/')
			*p = '%';
	return state_file(name);
}

void bookmarks_init(struct bookmarks *n, const char *trace, const char *name)
{
	memset(n, 0, sizeof *n);
	if (trace) {
		char *whole = realpath(trace, NULL);
		n->beside = format_path("%s%s", trace, ".notes");
		n->state = state_path(whole ? whole : trace);
		free(whole);
	} else if (name) {
		const char *slash = strrchr(name, '/');
		n->state = state_path(name);
		n->old = slash ? state_path(slash + 1) : NULL;
	}
}

static void forget(struct bookmarks *n)
{
	for (size_t i = 0; i < n->others; i++)
		free(n->other[i]);
	free(n->other);
	free(n->mark);
	n->mark = NULL;
	n->other = NULL;
	n->count = n->others = 0;
}

void bookmarks_release(struct bookmarks *n)
{
	forget(n);
	free(n->beside);
	free(n->state);
	free(n->old);
	n->beside = n->state = n->old = NULL;
}

static bool fail(struct bookmarks *n, const char *what, const char *path, const char *why)
{
	snprintf(n->error, sizeof n->error, what, path, why);
	return false;
}

/* ---- in memory ---- */

/* The first bookmark at or behind a step. */
static size_t place_of(const struct bookmarks *n, uint64_t step)
{
	size_t lo = 0, hi = n->count;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (n->mark[mid].step < step)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

const struct bookmark *bookmarks_at(const struct bookmarks *n, uint64_t step)
{
	size_t i = place_of(n, step);
	return i < n->count && n->mark[i].step == step ? &n->mark[i] : NULL;
}

uint64_t bookmarks_near(const struct bookmarks *n, uint64_t step, bool backwards)
{
	size_t i = place_of(n, backwards ? step : step + 1);
	if (backwards)
		return i > 0 ? n->mark[i - 1].step : 0;
	return step < UINT64_MAX && i < n->count ? n->mark[i].step : 0;
}

static void copy_words(char *out, const char *words)
{
	size_t n = strcspn(words, "\n");
	if (n >= BOOKMARK_TEXT) { /* no half of a character at the end */
		n = BOOKMARK_TEXT - 1;
		while (n > 0 && ((unsigned char)words[n] & 0xc0) == 0x80)
			n--;
	}
	memcpy(out, words, n);
	out[n] = 0;
}

static bool put(struct bookmarks *n, uint64_t step, const char *words)
{
	size_t i = place_of(n, step);
	if (i == n->count || n->mark[i].step != step) {
		if (n->count == BOOKMARKS_MOST)
			return fail(n, "%s%s", _("there are too many bookmarks"), "");
		n->mark = memory_resize(n->mark, (n->count + 1) * sizeof *n->mark);
		memmove(n->mark + i + 1, n->mark + i, (n->count - i) * sizeof *n->mark);
		n->count++;
		n->mark[i].step = step;
		n->mark[i].at = (struct anchor){ 0 };
	}
	copy_words(n->mark[i].words, words);
	return true;
}

static void drop(struct bookmarks *n, uint64_t step)
{
	size_t i = place_of(n, step);
	if (i < n->count && n->mark[i].step == step) {
		memmove(n->mark + i, n->mark + i + 1, (n->count - i - 1) * sizeof *n->mark);
		n->count--;
	}
}

static bool keep(struct bookmarks *n, const char *line)
{
	if (n->others == BOOKMARKS_MOST)
		return fail(n, "%s%s", _("the file of bookmarks is too long"), "");
	n->other = memory_resize(n->other, (n->others + 1) * sizeof *n->other);
	n->other[n->others++] = memory_text(line);
	return true;
}

/* ---- where a step is ---- */

/* Steps of an operation that are looked at: some ms. */
enum { ANCHOR_STEPS = 65536, ANCHOR_OPS = 4096 };

static void operation_text(const struct operation *o, char out[ANCHOR_TEXT])
{
	snprintf(out, ANCHOR_TEXT, "%s%s%s%s%s", (unsigned)o->kind < OP_KINDS ? op_kind_name[o->kind] : "",
		o->key ? " " : "", o->key ? o->key : "", o->elem ? " " : "", o->elem ? o->elem : "");
	for (char *p = out; *p; p++)
		if (*p == '\n')
			*p = ' ';
}

/* The steps of operation op, and its text.  false: it is not known. */
static bool operation_of(
	struct source *s, uint64_t op, uint64_t *ret_first, uint64_t *ret_last, char text[ANCHOR_TEXT])
{
	struct operation o;
	if (op < 1 || op > s->ops || s->operation(s, op, &o) != 0)
		return false;
	*ret_first = o.first_step;
	operation_text(&o, text);
	*ret_last = op < s->ops && s->operation(s, op + 1, &o) == 0 ? o.first_step - 1 : s->steps;
	return true;
}

static void anchor_make(struct source *s, uint64_t step, struct anchor *a)
{
	struct walk w;
	uint64_t op, first, last, from;
	unsigned seen[PHASES] = { 0 };
	*a = (struct anchor){ 0 };
	if (s->operation_at(s, step, &op) != 0 || !operation_of(s, op, &first, &last, a->text))
		return;
	a->op = op;
	from = first;
	walk_init(&w, s, first);
	for (uint64_t i = first; i <= step && i - first < ANCHOR_STEPS; i++) {
		const struct event *e = walk_event(&w, i);
		if (e && e->kind == EV_PHASE && e->a < PHASES) {
			a->phase = (unsigned)e->a;
			a->nth = ++seen[e->a];
			from = i;
		}
	}
	a->event = step - from;
	walk_release(&w);
}

/* The operation nearest to the anchor's with its text; its own number, when there is none. */
static uint64_t anchor_operation(struct source *s, const struct anchor *a)
{
	uint64_t first, last;
	char text[ANCHOR_TEXT];
	for (uint64_t by = 0; by < ANCHOR_OPS; by++) {
		if (operation_of(s, a->op + by, &first, &last, text) && strcmp(text, a->text) == 0)
			return a->op + by;
		if (by < a->op && operation_of(s, a->op - by, &first, &last, text) &&
			strcmp(text, a->text) == 0)
			return a->op - by;
	}
	return a->op < s->ops ? a->op : s->ops;
}

/* Where an anchor is in a recording; 0: nowhere. */
static uint64_t anchor_find(struct source *s, const struct anchor *a)
{
	struct walk w;
	uint64_t first, last, from, end;
	unsigned nth = 0;
	char text[ANCHOR_TEXT];
	if (!a->op || !operation_of(s, anchor_operation(s, a), &first, &last, text))
		return 0;
	from = first;
	end = last;
	walk_init(&w, s, first);
	for (uint64_t i = first; a->phase && i <= last && i - first < ANCHOR_STEPS; i++) {
		const struct event *e = walk_event(&w, i);
		if (!e || e->kind != EV_PHASE)
			continue;
		if (nth == a->nth) { /* the one behind it */
			end = i - 1;
			break;
		}
		if (e->a == a->phase && ++nth <= a->nth)
			from = i;
	}
	walk_release(&w);
	return a->event < end - from ? from + a->event : end;
}

/* Each to where its place is now; of two at a step one goes a step on. */
static void settle(struct bookmarks *n)
{
	struct bookmark *mark = n->mark;
	size_t count = n->count;
	n->mark = NULL;
	n->count = 0;
	for (size_t i = 0; i < count; i++) {
		uint64_t at = n->source ? anchor_find(n->source, &mark[i].at) : 0,
			 step = at ? at : mark[i].step;
		while (bookmarks_at(n, step))
			step++;
		if (put(n, step, mark[i].words))
			n->mark[place_of(n, step)].at = mark[i].at;
	}
	free(mark);
}

static unsigned phase_named(const char *name)
{
	unsigned i = PHASES;
	while (--i > 0 && strcmp(phase_name[i], name) != 0) {
	}
	return i;
}

/* ---- the file ---- */

/* "at 390 13 insert 1 2 put fig 13", of a bookmark that came before. */
static bool parse_anchor(struct bookmarks *n, const char *line)
{
	struct anchor a = { 0 };
	char phase[32];
	uint64_t step;
	int end = 0;
	if (sscanf(line, "at %" SCNu64 " %" SCNu64 " %31s %u %" SCNu64 " %n", &step, &a.op, phase, &a.nth,
		    &a.event, &end) < 5 ||
		!end || !bookmarks_at(n, step))
		return false;
	a.phase = phase_named(phase);
	snprintf(a.text, sizeof a.text, "%s", line + end);
	n->mark[place_of(n, step)].at = a;
	return true;
}

static bool parse_line(struct bookmarks *n, const char *line)
{
	char *end;
	if (parse_anchor(n, line))
		return true;
	errno = 0;
	uint64_t step = strtoull(line, &end, 10);
	if (line[0] < '0' || line[0] > '9' || errno || (*end && *end != ' ') || step == 0)
		return keep(n, line);
	return put(n, step, *end ? end + 1 : end);
}

static bool parse_file(struct bookmarks *n, FILE *in, const char *path)
{
	char *line = NULL;
	size_t cap = 0, bytes = 0;
	ssize_t got;
	bool ok = true;
	while (ok && (got = getline(&line, &cap, in)) >= 0) {
		if ((bytes += (size_t)got) > NOTES_BYTES) {
			ok = fail(n, "%s%s", path, _(" is no file of bookmarks: it is too large"));
			break;
		}
		if (got > 0 && line[got - 1] == '\n')
			line[got - 1] = 0;
		if (strlen(line) + 1 < (size_t)got) /* a zero byte */
			ok = fail(n, "%s%s", path, _(" is no file of bookmarks: it has zero bytes"));
		else
			ok = parse_line(n, line);
	}
	if (ok && ferror(in))
		ok = fail(n, "%s: %s", path, strerror(errno));
	free(line);
	return ok;
}

/* 1: read; 0: there is none; -1: it cannot be read. */
static int read_file(struct bookmarks *n, const char *path)
{
	FILE *in = path ? file_open(path) : NULL;
	if (!in && (!path || errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG))
		return 0;
	if (!in) {
		if (errno == ENOTSUP || errno == EISDIR)
			fail(n, "%s%s", path, _(" is no file of bookmarks"));
		else
			fail(n, "%s: %s", path, strerror(errno));
		return -1;
	}
	bool ok = parse_file(n, in, path);
	fclose(in);
	return ok ? 1 : -1;
}

bool bookmarks_load(struct bookmarks *n)
{
	n->error[0] = 0;
	forget(n);
	int done = read_file(n, n->state);
	if (done == 0)
		done = read_file(n, n->beside);
	if (done == 0)
		done = read_file(n, n->old);
	settle(n);
	return done >= 0;
}

/* false: errno says why. */
static bool write_file(const struct bookmarks *n, const char *path)
{
	struct builder b = builder_own();
	if (n->others == 0)
		builder_add(&b, "%s\n", _("# bookmarks, kept by mapscope: the step, a blank, words"));
	for (size_t i = 0; i < n->others; i++)
		builder_add(&b, "%s\n", n->other[i]);
	for (size_t i = 0; i < n->count; i++) {
		const struct bookmark *m = &n->mark[i];
		builder_add(&b, "%" PRIu64 " %s\n", m->step, m->words);
		if (m->at.op)
			builder_add(&b, "at %" PRIu64 " %" PRIu64 " %s %u %" PRIu64 " %s\n", m->step,
				m->at.op, m->at.phase ? phase_name[m->at.phase] : "-", m->at.nth, m->at.event,
				m->at.text);
	}
	int why = file_put(path, b.text, b.size, true, 0666);
	builder_release(&b);
	errno = why;
	return !why;
}

/* Makes the folders of a path below the home folder. */
static bool save(struct bookmarks *n)
{
	if (n->fleeting || (!n->beside && !n->state))
		return true;
	for (size_t i = 0; i < n->count; i++)
		if (n->source && !n->mark[i].at.op)
			anchor_make(n->source, n->mark[i].step, &n->mark[i].at);
	if (n->beside && write_file(n, n->beside)) {
		if (n->state)
			file_remove(n->state); /* it was the newer one before */
		return true;
	}
	int why = errno;
	if (n->state) {
		state_make_folders(n->state);
		if (write_file(n, n->state))
			return true;
		why = errno;
	}
	return fail(n, _("the bookmark is not kept: %s: %s"), n->state ? n->state : n->beside, strerror(why));
}

/* What others have written meanwhile.  false: it cannot be read, so it must not be written over either. */
static bool reload(struct bookmarks *n)
{
	struct bookmarks fresh = {
		.beside = n->beside, .state = n->state, .old = n->old, .source = n->source
	};
	if (n->unsaved || n->fleeting || (!n->beside && !n->state)) /* memory knows more than the file */
		return true;
	if (!bookmarks_load(&fresh)) {
		memcpy(n->error, fresh.error, sizeof n->error);
		forget(&fresh);
		return false;
	}
	forget(n);
	*n = fresh;
	return true;
}

const char *bookmarks_path(const struct bookmarks *n)
{
	return n->state && (!n->beside || file_exists(n->state)) ? n->state : n->beside;
}

bool bookmarks_set(struct bookmarks *n, uint64_t step, const char *words)
{
	const char *path = n->fleeting ? NULL : n->beside ? n->beside : n->state;
	int lock = path ? file_lock(path)
			: -1; /* what others set between reading and writing would be lost */
	bool readable = reload(n), room = !words || put(n, step, words);
	if (!words)
		drop(n, step);
	if (room)
		n->unsaved = !readable || !save(n);
	file_unlock(lock);
	return room && !n->unsaved;
}
