/* Questions about the next step. */
#ifndef UI_PREDICT_H
#define UI_PREDICT_H

#include "ui/mode/private.h"
#include "ui/scene/prediction.h"

/* A question that has been answered, or skipped. */
struct predict_answer {
	const struct prediction_sort *sort;
	uint64_t number, op;
	char answer[PREDICTION_ANSWER], typed[24];
	bool right, skipped, hinted;
};
enum { PREDICT_ANSWERS = 64 };

struct predict_mode {
	/* the question */
	const struct explain_predictions *of; /* of that kind of map; NULL: none has any */
	enum map_kind map_kind;
	struct prediction now;
	bool asking;   /* else the answer is on show, or the next question is looked for */
	bool proposed; /* it has been found: control goes to its step */
	bool found, right_now, skipped, hinted, again;
	char typed[24];
	/* so far */
	unsigned asked, right, hints;
	struct predict_count {
		unsigned asked[PREDICTION_SORTS], right[PREDICTION_SORTS];
	} counts[MAP_KINDS];
	struct predict_answer answers[PREDICT_ANSWERS]; /* the newest, number n at n % PREDICT_ANSWERS */
	const struct prediction_sort *last;             /* that was asked */
	uint64_t last_op;
	/* looking for the next one */
	bool searching, wrapped; /* wrapped: from the beginning, since nothing followed where it was begun */
	uint64_t scan;           /* the step looked at last */
	uint64_t from;           /* questions begin behind this step */
	uint64_t op;             /* of scan */
	enum phase phase;
	enum op_kind op_kind;
};

/* Of the question. */
static inline const struct prediction_sort *predict_sort(const struct predict_mode *q)
{
	return &q->of->sort[q->now.sort];
}
void predict_score(const struct predict_mode *q, char *out, size_t cap);

#endif
