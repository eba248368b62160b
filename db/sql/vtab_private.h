/* What vtab.c and vtab_memory.c share. */
#ifndef DB_VTAB_PRIVATE_H
#define DB_VTAB_PRIVATE_H

#include "db/file/database.h"

struct trace_vtab {
	sqlite3_vtab base;
	struct source *source;
};

/* What the constraints of a query leave: steps lo..hi (none when lo > hi), of a kind (-1: any). */
struct step_range {
	uint64_t lo, hi;
	int kind;
	bool descending, exact;
};

int vtab_connect(sqlite3 *db, void *aux, const char *declaration, sqlite3_vtab **ret);
int vtab_disconnect(sqlite3_vtab *v);
int vtab_fail(sqlite3_vtab *v, const char *message);
/* xBestIndex; column 0 is step, kind_column that of the kind or -1; sorted: rows can come by step in both
 * orders. */
int vtab_plan(sqlite3_index_info *info, int kind_column, bool sorted);
struct step_range vtab_range(const char *plan, sqlite3_value **argv, uint64_t steps);

extern const sqlite3_module bucket_module, slot_module;

#endif
