/* The rows that a kind of map makes of its events: its growths, chains and the like, for tables that people
 * query.
 *
 *     event ──▶ db/rows ──▶ map_rows.event of the map's kind ──▶ row_maker: insert, finish
 *
 * What every map has, as blocks and spans, db/rows knows itself.  A kind is given those events of its maps
 * that it asks for, and keeps what is open (a growth) in a state of its own for each map.  The columns and
 * the SQL of its tables stand in db/rows/rows.def.  Events may come from a damaged trace: nothing here may
 * trust them.
 */
#ifndef TRACE_MAP_ROWS_H
#define TRACE_MAP_ROWS_H

#include "trace/record/event.h"

struct map_view;

/* text is a borrowed constant; null is for "between operations" and "no growth". */
struct row_value {
	enum { VALUE_NULL, VALUE_NUMBER, VALUE_TEXT } type;
	int64_t number;
	const char *text;
};

static inline struct row_value row_number(uint64_t v)
{
	return (struct row_value){ .type = VALUE_NUMBER, .number = (int64_t)v };
}
/* 0 is null. */
static inline struct row_value row_number_or_null(uint64_t v)
{
	return v ? row_number(v) : (struct row_value){ .type = VALUE_NULL };
}
static inline struct row_value row_text(const char *s)
{
	return (struct row_value){ .type = VALUE_TEXT, .text = s };
}

/* Where an event stands, and where its rows go.  A table is its number in map_rows.tables. */
struct row_maker {
	struct row_value step, op, map; /* op null: between two operations; map null: none */
	/* A new row: returns its number in its table, from 1. */
	uint64_t (*insert)(struct row_maker *k, unsigned table, const struct row_value *values);
	/* Sets the last column of an earlier row to this step. */
	void (*finish)(struct row_maker *k, unsigned table, uint64_t row);
	/* Does so when the block is freed that this event (alloc) allocates. */
	void (*finish_with_block)(struct row_maker *k, unsigned table, uint64_t row);
	/* The memory of a map (by number) goes over to another: calls its kind's abandon. */
	void (*abandon)(struct row_maker *k, uint64_t map);
};

/* What the operation did in which an event comes: the flags of a timeline. */
enum { OPERATION_GROWING = 1, OPERATION_OVERFLOW = 2 };

enum { MAP_TABLES = 8 };

struct map_rows {
	const char *tables[MAP_TABLES + 1]; /* their names; ended by NULL */
	size_t state;                       /* bytes that are kept for a map; all zero at first */
	struct kind_set (*kinds)(void);     /* the events that it asks for */
	/* v is open by its type alone.  NULL: the zeros will do. */
	void (*begin)(void *state, const struct map_view *v);
	/* Makes the rows of an event; returns flags of the operation. */
	unsigned (*event)(void *state, const struct event *e, struct row_maker *k);
	/* What is open will never end.  NULL: nothing is ever open. */
	void (*abandon)(void *state);
	/* Is a growth going on?  NULL: none outlasts an operation. */
	bool (*growing)(const void *state);
};

#endif
