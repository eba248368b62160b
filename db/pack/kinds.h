/* A trace's own table of event kinds: which number stands for which kind, and how its events are packed.
 *
 * A writer numbers kinds as they first occur (the three facts are 0, 1 and 2), so that the kinds of a
 * recording take one byte each, however many this program knows.  A reader goes by the names.  What it does
 * not know is passed over (a read or a note), and it becomes an event EV_UNKNOWN with that name; an unknown
 * fact is an error.
 */
#ifndef DB_KINDS_H
#define DB_KINDS_H

#include "db/pack/predict.h"

enum { KIND_FIELDS = 16, KIND_TEXT = 256 };

struct kind_row {
	char name[EVENT_NAME], fields[KIND_FIELDS];
	enum event_role role;
	struct prediction prediction[EVENT_ARGS];
};

struct kind_table {
	unsigned n;                   /* codes 0..n-1 are in use */
	uint16_t kind[KIND_CODES];    /* enum event_kind of a code */
	uint16_t context[KIND_CODES]; /* its row of struct context */
	bool own[KIND_CODES];         /* packed as this program packs it */
	uint16_t code[EV_COUNT];      /* of a kind, 1 more; 0: none yet */
	struct kind_row row[KIND_CODES];
};

/* A table with the facts. */
void kinds_init(struct kind_table *t);
/* The code of a kind, which gets one if it has none. */
unsigned kinds_code_new(struct kind_table *t, unsigned kind);
static inline unsigned kinds_code(struct kind_table *t, unsigned kind)
{
	return t->code[kind] ? t->code[kind] - 1u : kinds_code_new(t, kind);
}

/* How the trace's table shows the predictions of a code. */
void kinds_predictions(const struct kind_table *t, unsigned code, char out[KIND_TEXT]);
/* Adds a row that was read; kinds come in the order of their codes, the table is empty at first (n = 0).
 * NULL, or what is wrong with it. */
const char *kinds_read(struct kind_table *t, const char *name, const char *fields, const char *role);
/* Sets the predictions of a code from their text, when all rows have been read.  NULL, or what is wrong. */
const char *kinds_read_predictions(struct kind_table *t, unsigned code, const char *text);

extern const char *const event_role_name[3];

#endif
