/* What the files of a session share. */
#ifndef SRC_SESSION_PRIVATE_H
#define SRC_SESSION_PRIVATE_H

#include "src/session/session.h"

/* The map that the next line works on; NULL: there is none. */
static inline struct map *session_map(const struct session *s)
{
	return s->run.selected ? run_map(&s->run, s->run.selected - 1u) : NULL;
}

/* Sets error, a format that is translated.  Always -1. */
int session_fail(struct session *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Adds a line of n bytes, without running it. */
void session_add(struct session *s, const char *text, size_t n);
/* Drops the lines from at on. */
void session_cut(struct session *s, size_t at);
/* Runs all lines anew, in one go, as recording the workload would. */
int session_rebuild(struct session *s);
/* Runs one more line; when it cannot be done everything is as before. */
int session_append(struct session *s, const char *text);
/* Notes what undo will take back: the lines from at on; dropped had been there before, and is the session's
 * now. */
void session_changed(struct session *s, size_t at, char **dropped, size_t n);
void session_forget_changes(struct session *s);
/* "evil N [BUCKET]": N puts of keys whose hashes agree in every bit that the map will look at. */
int session_collide(struct session *s, const char *arguments, uint64_t bucket, char *said, size_t cap);

#endif
