/* Questions of predict, a kind of map's own: what comes next, asked at a step from which it can be worked
 * out.
 *
 * The mode walks over the events of a recording and asks the kind of each event's map whether there is a
 * question at that event.  It shows, judges and scores what the kind finds, and knows nothing of what it is
 * about.
 */
#ifndef UI_PREDICTION_H
#define UI_PREDICTION_H

#include "ui/scene/scene.h"

enum { PREDICTION_SORTS = 8 /* of questions that a kind has, at most */, PREDICTION_ANSWER = 24 };

/* A question. */
struct prediction {
	unsigned sort;                  /* which of the kind's */
	enum op_kind op;                /* of the operation */
	uint64_t at, reveal;            /* the step shown while it is asked; the one that tells */
	char answer[PREDICTION_ANSWER]; /* the right one */
	const char *letters;            /* an answer is one of these letters, */
	int base;                       /* or with base > 0 a number */
	uint64_t most;                  /* up to this one */
};

/* An event that the mode has come to on its way. */
struct prediction_search {
	struct player *player; /* reads events; the recording is its source */
	uint64_t step;         /* of the event */
	struct event event;
	enum op_kind op; /* in which it stands */
	enum phase phase;
	unsigned wanted;       /* 1 << sort: may be asked now; one that was asked just now may not */
	const unsigned *asked; /* by sort: how often it was */
};

typedef void prediction_words(const struct scene *s, const struct prediction *q, char *out, size_t cap);
/* A sort of question. */
struct prediction_sort {
	const char *name; /* in the list of questions: "tophash" */
	bool hides_hash;  /* the marks under the bits of the hash would tell */
	prediction_words *question, *hint;
	prediction_words *choice;                           /* of its letters; NULL: none */
	const char *(*verdict)(const struct prediction *q); /* the answer in words; NULL: as it is typed */
	/* At its step: can it be worked out there?  NULL: it can. */
	bool (*plain)(const struct scene *s);
	/* The group to look at, and along its chain.  false, NULL: none. */
	bool (*look)(const struct scene *s, struct hold *ret);
};

struct explain_predictions {
	unsigned sorts;
	const struct prediction_sort *sort;
	/* Is there a question at the event?  Fills in all of ret but op. */
	bool (*find)(const struct prediction_search *p, struct prediction *ret);
};

/* The next event of one of two kinds behind the event that was come to, some hundred steps ahead at most;
 * NULL: the operation ends before, or an event of kind stop comes.  Good until the player is asked again. */
const struct event *prediction_next(
	const struct prediction_search *p, int kind, int other, int stop, uint64_t *ret_step);
/* Could it be an answer at all?  Is it the right one?  Answers may be written in other ways: 0x0a, A; yes;
 * 03. */
bool prediction_may_be(const struct prediction *q, const char *typed);
bool prediction_is_right(const struct prediction *q, const char *typed);

#endif
