/* The trace file: writing, reading and asking it.  The only folder that knows SQLite.
 *
 * Functions that fail return NULL or -1 and put one sentence (what is wrong, where, what to do) into error,
 * which has room for STORE_ERROR bytes.
 */
#ifndef DB_STORE_H
#define DB_STORE_H

#include "trace/record/store.h"

#include <stdio.h>

enum { STORE_ERROR = 512 };

/* ---- recording ---- */

struct store_options {
	bool overwrite;       /* an existing file may be replaced; else it is an error */
	bool late;            /* the file gets its name in the end: there is none of an unfinished recording */
	const char *workload; /* name of what is recorded, for meta */
	const char *text;     /* the workload itself, for meta: it can be recorded again; NULL: not known */
	const char *tool;     /* "mapscope 1.0" */
};

/* Makes a trace at path (":memory:" keeps it in memory) and gives the sink that fills it.  An existing file
 * is replaced only by store_finish, when the new one is whole: until then, and when that fails, it stays as
 * it was. */
struct sink *store_create(const char *path, const struct store_options *o, char *error);
/* Finds what a recording left that was to replace path and was killed: a name in ret.  false: there is none.
 */
bool store_unfinished(const char *path, char *ret, size_t cap);
/* Commits what came so far, so that it survives a kill. */
int store_commit(struct sink *s);
/* Ends the recording: last rows, one file without a WAL, complete set last (unless cut_off: a recording that
 * was interrupted keeps what it has).  Frees s.  For ":memory:" *ret_source (may be NULL for files) gets the
 * recording as a source; it closes the database when it is closed. */
int store_finish(struct sink *s, bool cut_off, struct source **ret_source, char *error);

/* An empty recording in memory; see trace/record/store.h.  Without memory the program ends (see
 * trace/base/memory.h). */
struct store *store_memory(const char *name);

/* ---- reading ---- */

/* Opens a trace read-only, trusting nothing in it. */
struct source *store_open(const char *path, char *error);
/* true when the file at path begins like an SQLite database (a trace), false for a workload or what cannot be
 * read. */
bool store_is_trace(const char *path);

/* ---- asking ---- */

enum store_format { STORE_TABS, STORE_JSON, STORE_CSV };
/* Runs one read-only query with the virtual tables event, move, bucket, slot beside the rows. */
int store_sql(
	const char *path, const char *query, enum store_format format, bool header, FILE *out, char *error);
/* Writes event, move and all rows as ordinary tables into a new file. */
int store_unpack(const char *path, const char *out_path, bool overwrite, char *error);
/* Recomputes the rows (growth, evacuation, overflow, bucket_array, allocation) from the steps and compares;
 * counts differences, printing each to out.  -1: cannot be read. */
long store_check_rows(const char *path, FILE *out, char *error);

#endif
