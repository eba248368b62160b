/* Rows that wait in C memory as a table that SQL can select from, so that one INSERT ... SELECT writes them
 * all. */
#ifndef DB_FEED_H
#define DB_FEED_H

#include <sqlite3.h>
#include <stdint.h>

struct feed {
	uint64_t count; /* rows that wait */
	/* Gives column (from 0) of row (from 0); nothing given is null. */
	void (*column)(const struct feed *f, uint64_t row, int column, sqlite3_context *result);
	void *context;
	int argument;
};

/* Makes the feed, which stays the caller's, known as a table; declaration is its CREATE TABLE.  Returns
 * SQLite's code. */
int feed_register(sqlite3 *db, const char *name, const char *declaration, struct feed *feed);

#endif
