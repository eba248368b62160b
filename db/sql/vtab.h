/* The virtual tables event, move, bucket and slot over an open trace. */
#ifndef DB_VTAB_H
#define DB_VTAB_H

#include "db/file/database.h"

/* Makes the tables known to db; source must outlive it.  Returns SQLite's code. */
extern const char *const vtab_names[]; /* ended by NULL */
int vtab_register(sqlite3 *db, struct source *source);

#endif
