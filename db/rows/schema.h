/* What a trace file is made of; see schema.c. */
#ifndef DB_SCHEMA_H
#define DB_SCHEMA_H

#include <stdbool.h>

enum {
	SCHEMA_APPLICATION = 0x4d70536d, /* "MpSm", in SQLite's header */
	SCHEMA_VERSION = 3,              /* user_version: rises when an older reader would misread a file */
	SCHEMA_ROWS = 2,                 /* the oldest whose rows can be read; its steps cannot */
};

/* CREATE statements of every table, commented; the comments stay in the file (sqlite3 TRACE .schema). */
extern const char schema_sql[];

struct schema_table {
	const char *name;
	const char *columns; /* blank-separated, the primary key first if there is one */
	bool rows;           /* is written by unpack too */
	unsigned before;     /* how many of these columns format 2 has; 0: it has no such table */
};
extern const struct schema_table schema_tables[]; /* ended by a NULL name */

#endif
