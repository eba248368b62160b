/* A line of a workload as tokens, and errors with a caret. */
#ifndef SRC_TOKENS_H
#define SRC_TOKENS_H

#include "src/workload/literal.h"

enum { TOKENS_MAX = 32 };

struct line {
	const char *file;
	unsigned number;
	const char *text; /* len bytes */
	size_t len;
	struct token token[TOKENS_MAX];
	unsigned tokens;
};

/* Splits a line.  NULL, or what is wrong; then *ret_column is where. */
const char *tokens_split(struct line *l, struct pool *pool, unsigned *ret_column);
/* Writes "file:line:column: what", the line, and a caret to out; always gives -1. */
int tokens_error(const struct line *l, unsigned column, char *out, size_t cap, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

#endif
