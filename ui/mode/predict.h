/* Questions about the next step. */
#ifndef UI_MODE_QUIZ_H
#define UI_MODE_QUIZ_H

#include "ui/mode/private.h"

enum quiz_kind { QUIZ_BUCKET, QUIZ_TOP, QUIZ_SLOT, QUIZ_GROW, QUIZ_HALF, QUIZ_KINDS };

/* A question that has been answered, or skipped. */
struct quiz_past { enum quiz_kind kind; uint64_t number, op; char answer[24], typed[24]; bool right, skipped, hinted; };
enum { QUIZ_PAST = 64 };

struct quiz_mode {
	/* the question */
	enum quiz_kind kind;
	uint64_t at, reveal;         /* the step shown while asking; the one that tells */
	char answer[24];             /* the right one */
	bool asking;                 /* else the answer is on show, or the next question is looked for */
	bool found, right_now, skipped, hinted, again;
	char typed[24];
	/* so far */
	unsigned asked, right, hints, kinds[QUIZ_KINDS], rights[QUIZ_KINDS];
	struct quiz_past past[QUIZ_PAST]; /* the newest, number n at n % QUIZ_PAST */
	enum quiz_kind last_kind;
	uint64_t last_op;
	/* looking for the next one */
	bool searching, wrapped;     /* wrapped: from the beginning, since nothing followed where it was begun */
	uint64_t scan;               /* the step looked at last */
	uint64_t from;               /* questions begin behind this step */
	uint64_t op;                 /* of scan */
	enum phase phase;
	enum op_kind op_kind;
};

void quiz_open(struct replay *r);
void quiz_key(struct replay *r, int key);
bool quiz_work(struct replay *r);
void quiz_draw(struct replay *r, const struct frame *f);
void quiz_score(const struct quiz_mode *q, char *out, size_t cap);

#endif
