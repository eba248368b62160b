/* Bookmarks in a file; see notes.h. */
#include "ui/find/bookmarks.h"
#include "ui/state/home.h"
#include "ui/grid/text.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file of notes is small; the rest of a larger one is not read and the file never written. */
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

void notes_init(struct notes *n, const char *trace, const char *name)
{
	memset(n, 0, sizeof *n);
	if (trace) {
		char *whole = realpath(trace, NULL);
		n->beside = format_path("%s%s", trace, ".notes");
		n->state = state_path(whole ? whole : trace);
		free(whole);
	} else if (name) {
		n->state = state_path(name);
	}
}

static void forget(struct notes *n)
{
	for (size_t i = 0; i < n->others; i++)
		free(n->other[i]);
	free(n->other);
	free(n->note);
	n->note = NULL;
	n->other = NULL;
	n->count = n->others = 0;
}

void notes_release(struct notes *n)
{
	forget(n);
	free(n->beside);
	free(n->state);
	n->beside = n->state = NULL;
}

static bool fail(struct notes *n, const char *what, const char *path, const char *why)
{
	snprintf(n->error, sizeof n->error, what, path, why);
	return false;
}

/* ---- in memory ---- */

/* The first note at or behind a step. */
static size_t place_of(const struct notes *n, uint64_t step)
{
	size_t lo = 0, hi = n->count;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (n->note[mid].step < step)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

const struct note *notes_at(const struct notes *n, uint64_t step)
{
	size_t i = place_of(n, step);
	return i < n->count && n->note[i].step == step ? &n->note[i] : NULL;
}

uint64_t notes_near(const struct notes *n, uint64_t step, bool backwards)
{
	size_t i = place_of(n, backwards ? step : step + 1);
	if (backwards)
		return i > 0 ? n->note[i - 1].step : 0;
	return step < UINT64_MAX && i < n->count ? n->note[i].step : 0;
}

static void copy_words(char *out, const char *words)
{
	size_t n = strcspn(words, "\n");
	if (n >= NOTE_WORDS) { /* no half of a character at the end */
		n = NOTE_WORDS - 1;
		while (n > 0 && ((unsigned char)words[n] & 0xc0) == 0x80)
			n--;
	}
	memcpy(out, words, n);
	out[n] = 0;
}

static bool put(struct notes *n, uint64_t step, const char *words)
{
	size_t i = place_of(n, step);
	if (i == n->count || n->note[i].step != step) {
		struct note *more = n->count < NOTES_MOST ? realloc(n->note, (n->count + 1) * sizeof *more) : NULL;
		if (!more)
			return fail(n, "%s%s", _("there are too many bookmarks"), "");
		n->note = more;
		memmove(more + i + 1, more + i, (n->count - i) * sizeof *more);
		n->count++;
		more[i].step = step;
	}
	copy_words(n->note[i].words, words);
	return true;
}

static void drop(struct notes *n, uint64_t step)
{
	size_t i = place_of(n, step);
	if (i < n->count && n->note[i].step == step) {
		memmove(n->note + i, n->note + i + 1, (n->count - i - 1) * sizeof *n->note);
		n->count--;
	}
}

static bool keep(struct notes *n, const char *line)
{
	char **more = n->others < NOTES_MOST ? realloc(n->other, (n->others + 1) * sizeof *more) : NULL;
	char *copy = more ? strdup(line) : NULL;
	if (more)
		n->other = more;
	if (!copy)
		return fail(n, "%s%s", _("the file of bookmarks is too long"), "");
	n->other[n->others++] = copy;
	return true;
}

/* ---- the file ---- */

static bool parse_line(struct notes *n, const char *line)
{
	char *end;
	errno = 0;
	uint64_t step = strtoull(line, &end, 10);
	if (line[0] < '0' || line[0] > '9' || errno || (*end && *end != ' ') || step == 0)
		return keep(n, line);
	return put(n, step, *end ? end + 1 : end);
}

static bool parse_file(struct notes *n, FILE *in, const char *path)
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
static int read_file(struct notes *n, const char *path)
{
	struct stat st;
	FILE *in = path ? fopen(path, "re") : NULL;
	if (!in)
		return !path || errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG ? 0
			: (fail(n, "%s: %s", path, strerror(errno)), -1);
	bool ok = fstat(fileno(in), &st) == 0 && S_ISREG(st.st_mode);
	if (!ok)
		fail(n, "%s%s", path, _(" is no file of bookmarks"));
	ok = ok && parse_file(n, in, path);
	fclose(in);
	return ok ? 1 : -1;
}

bool notes_load(struct notes *n)
{
	n->error[0] = 0;
	forget(n);
	int done = read_file(n, n->state);
	if (done == 0)
		done = read_file(n, n->beside);
	return done >= 0;
}

static bool print_notes(const struct notes *n, FILE *out)
{
	if (n->others == 0)
		fprintf(out, "%s\n", _("# bookmarks, kept by mapscope: the step, a blank, words"));
	for (size_t i = 0; i < n->others; i++)
		fprintf(out, "%s\n", n->other[i]);
	for (size_t i = 0; i < n->count; i++)
		fprintf(out, "%" PRIu64 " %s\n", n->note[i].step, n->note[i].words);
	return fflush(out) == 0 && !ferror(out) && fsync(fileno(out)) == 0;
}

/* A whole new file takes the place of the old one, or nothing happens. */
static bool write_file(const struct notes *n, const char *path)
{
	char *temporary = format_path("%s%s", path, ".XXXXXX");
	int fd = temporary ? mkstemp(temporary) : -1;
	FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
	mode_t mask = umask(0);
	umask(mask);
	bool ok = out && fchmod(fd, 0666 & ~mask) == 0 && print_notes(n, out);
	int why = errno;
	if (out)
		ok = fclose(out) == 0 && ok;
	else if (fd >= 0)
		close(fd);
	ok = ok && rename(temporary, path) == 0;
	if (!ok && fd >= 0) {
		why = errno ? errno : why;
		unlink(temporary);
	}
	free(temporary);
	errno = why;
	return ok;
}

/* Makes the folders of a path below the home folder. */
static bool save(struct notes *n)
{
	if (n->fleeting || (!n->beside && !n->state))
		return true;
	if (n->beside && write_file(n, n->beside)) {
		if (n->state)
			unlink(n->state); /* it was the newer one before */
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
static bool reload(struct notes *n)
{
	struct notes fresh = { .beside = n->beside, .state = n->state };
	if (n->unsaved || n->fleeting || (!n->beside && !n->state)) /* memory knows more than the file */
		return true;
	if (!notes_load(&fresh)) {
		memcpy(n->error, fresh.error, sizeof n->error);
		forget(&fresh);
		return false;
	}
	forget(n);
	*n = fresh;
	return true;
}

bool notes_set(struct notes *n, uint64_t step, const char *words)
{
	bool readable = reload(n);
	if (words && !put(n, step, words))
		return false;
	if (!words)
		drop(n, step);
	n->unsaved = !readable || !save(n);
	return !n->unsaved;
}
