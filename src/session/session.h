/* A session: operations typed one after the other, recorded as they come, and taken back.
 *
 * It keeps the lines of a workload and a recording of them that grows.  Taking back runs the lines that are
 * left anew: Go's map with a seed does the same again, byte for byte.  So a session may also begin at any
 * operation of any recording.
 */
#ifndef SRC_SESSION_H
#define SRC_SESSION_H

#include "src/workload/run.h"
#include "trace/record/store.h"

#include <stdio.h>

enum { SESSION_WORD = 96 };

struct session_line {
	char *text;
	uint64_t first_op, ops; /* operations first_op .. first_op + ops - 1 */
};

/* What undo takes back: the lines from at on go, those that had been dropped there come again. */
struct session_change {
	size_t at, dropped_n;
	char **dropped;
};

struct session {
	store_new store_new; /* makes the next store */
	struct store *store; /* the recording; NULL: not ready */
	struct run run;
	struct script script;
	struct session_line *line;
	size_t lines, lines_cap;
	struct session_change *change;
	size_t changes, changes_cap;
	bool ready;          /* run, script and store are there */
	uint64_t generation; /* changes whenever store is another one */
	char name[256];      /* of the recording */
	char error[1024];    /* a sentence */
	unsigned column;     /* of the line typed where the mistake is, from 1; 0: nowhere */
};

/* make gives what the session records into. */
struct session *session_new(const char *name, store_new make);
void session_free(struct session *s);
/* Begins anew.  0, or -1 with error.  A text is a workload; a recording is run again up to its operation op,
 * with all maps and words that come before the next one. */
int session_begin_text(struct session *s, const char *text, size_t len);
int session_begin_source(struct session *s, struct source *from, uint64_t op);
/* One line: a directive, `undo`, or `evil N [BUCKET]` (default: bucket).  said (cap bytes) gets what there is
 * to say, or
 * "".  -1: error and column; nothing has changed. */
int session_run(struct session *s, const char *line, uint64_t bucket, char *said, size_t cap);
/* Drops the operations after op; undo brings them back. */
int session_branch(struct session *s, uint64_t op);
/* What the word at the end of text could be: at most n words, sorted; returns how many.  A word stands for
 * the last *ret_typed bytes of text. */
size_t session_complete(
	struct session *s, const char *text, char (*words)[SESSION_WORD], size_t n, size_t *ret_typed);
/* When the map will grow next, in a sentence; "" without a map. */
void session_growth(const struct session *s, char *out, size_t cap);
/* Writes the workload. */
void session_print(const struct session *s, FILE *out);

#endif
