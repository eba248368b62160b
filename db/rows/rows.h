/* Rows that follow from steps: which allocation, growth, ... a stream of events means.  The writer inserts
 * what this gives, and store_check_rows compares a file with it, so there is one source of truth.  What a
 * kind of map has rows of, beside what all have, it says itself: trace/map/rows.h.
 */
#ifndef DB_ROWS_H
#define DB_ROWS_H

#include "trace/base/addresses.h"
#include "trace/map/rows.h"
#include "trace/record/sink.h"

enum row_table {
#define ROW_TABLE(NAME, name, of, key, columns, last, values, before, sql) ROW_##NAME,
#include "db/rows/rows.def"
#undef ROW_TABLE
	ROW_TABLES
};

/* What there is to know about a table of rows. */
struct row_form {
	const char *name, *of; /* the kind of map whose events make its rows, or common */
	const char *columns;   /* as in schema_tables, without a primary key */
	const char *last;      /* the column that is null at first and set once, NULL: none; not in columns */
	const char *key;       /* "rowid", or the primary key's name */
	unsigned values;       /* number of columns */
};
extern const struct row_form row_forms[ROW_TABLES];
enum { ROW_VALUES = 10 };

struct rows {
	/* A new row, numbered from 1 in its table. */
	void (*insert)(void *context, enum row_table table, uint64_t row, const struct row_value *values);
	/* The `last` column of an earlier one. */
	void (*finish)(void *context, enum row_table table, uint64_t row, uint64_t step);
	void *context;

	uint64_t made[ROW_TABLES]; /* rows so far */
	uint64_t open[ROW_TABLES]; /* of which their last column is null */
	uint64_t op;               /* operations so far */
	bool in_op;
	uint32_t map;         /* of the operation or the map made last */
	struct row_map *maps; /* by number */
	unsigned maps_cap;
	struct row_maker maker;       /* of the event that is looked at */
	const enum row_table *table;  /* which tables its numbers are */
	uint64_t block;               /* that the event allocates, or 0 */
	struct addresses allocations; /* the row of each live block */
	struct addresses ends; /* a row that ends with a block: its number times ROW_TABLES, and its table */
	struct row_span *span; /* live ones by address; spans of them */
	size_t spans, spans_cap;
	struct kind_set kinds; /* that matter to rows_event, by the maps so far; the rest may be kept back */
	struct kind_set asked; /* those of them that a kind of map asks for */
	bool failed;           /* no memory */
};

/* 0, or -1: no memory. */
int rows_init(struct rows *r);
void rows_release(struct rows *r);
/* A map, before its first event.  -1: no memory. */
int rows_map(struct rows *r, const struct map_info *m);
/* Returns what the event tells of its operation: flags of trace/map/rows.h. */
unsigned rows_event(struct rows *r, const struct event *e, uint64_t step);
/* Is a growth of that map going on? */
bool rows_growing(const struct rows *r, unsigned map);

#endif
