/* Questions about the next step. */
#ifndef UI_PREDICT_H
#define UI_PREDICT_H

#include "ui/mode/private.h"

enum predict_kind { PREDICT_BUCKET, PREDICT_TOP, PREDICT_SLOT, PREDICT_GROW, PREDICT_HALF, PREDICT_KINDS };

/* A question that has been answered, or skipped. */
struct predict_answer {
	enum predict_kind kind;
	uint64_t number, op;
	char answer[24], typed[24];
	bool right, skipped, hinted;
};
enum { PREDICT_ANSWERS = 64 };

struct predict_mode {
	/* the question */
	enum predict_kind kind;
	uint64_t at, reveal; /* the step shown while asking; the one that tells */
	char answer[24];     /* the right one */
	bool asking;         /* else the answer is on show, or the next question is looked for */
	bool proposed;       /* it has been found: control goes to its step */
	bool found, right_now, skipped, hinted, again;
	char typed[24];
	/* so far */
	unsigned asked, right, hints, kinds[PREDICT_KINDS], rights[PREDICT_KINDS];
	struct predict_answer answers[PREDICT_ANSWERS]; /* the newest, number n at n % PREDICT_ANSWERS */
	enum predict_kind last_kind;
	uint64_t last_op;
	/* looking for the next one */
	bool searching, wrapped; /* wrapped: from the beginning, since nothing followed where it was begun */
	uint64_t scan;           /* the step looked at last */
	uint64_t from;           /* questions begin behind this step */
	uint64_t op;             /* of scan */
	enum phase phase;
	enum op_kind op_kind;
};

void predict_score(const struct predict_mode *q, char *out, size_t cap);

#endif
