/* What a kind of map says of the bytes of its blocks: the lines of its memory account (trace/heap/account.h
 * makes it). */
#ifndef TRACE_MAP_ACCOUNT_H
#define TRACE_MAP_ACCOUNT_H

#include "trace/record/image.h"

enum account_group { ACCOUNT_USED, ACCOUNT_BOOK, ACCOUNT_ROOM, ACCOUNT_DEAD, ACCOUNT_REST, ACCOUNT_GROUPS };

struct account_info {
	const char *name; /* "slots": of JSON and CSV */
	enum account_group group;
	const char *title, *sentence; /* for people, to be translated */
};

/* The lines that all kinds have; a kind numbers its own from ACCOUNT_SHARED on, below ACCOUNT_LINES. */
enum account_line {
#define ACCOUNT(NAME, name, group, title, sentence) ACCOUNT_##NAME,
#include "trace/map/account.def"
#undef ACCOUNT
	ACCOUNT_SHARED,
	ACCOUNT_LINES = 32
};
extern const struct account_info account_shared[ACCOUNT_SHARED];

/* A kind's lines in the order in which they are shown. */
struct account_table {
	unsigned rows;
	struct account_row {
		unsigned line;
		const struct account_info *info;
	} row[ACCOUNT_LINES];
};

/* What a kind's functions are given while bytes are counted. */
struct books {
	uint64_t *line;    /* bytes, to be added to */
	uint64_t *entries; /* full slots, to be added to */
	uint64_t moving;   /* the group that is being moved, 0: none */
	uint64_t counted;  /* of the array's block: bytes that are in lines now; what is left goes to
			      array_line */
	/* The live block that begins at addr, if it belongs to the map. */
	bool (*block)(struct books *b, uint64_t addr, struct block *ret);
	/* A group outside of the first row of an array is counted now.  false: it has been already. */
	bool (*first)(struct books *b, uint64_t addr);
	/* A full slot points to addr: that is in use, and what a box there points to. */
	void (*use)(struct books *b, uint64_t addr);
};

#endif
