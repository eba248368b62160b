/* What the numbers of an event are expected to be: the column `predictions` of trace/record/events.def as
 * data.  In a trace it is text, so that events of kinds that this program does not know, or knew with other
 * predictions, can be unpacked:
 *
 *     blank-separated, one for each of a, b, ...:
 *     -   hash.b   tophash.c+1   backfill.b-1   low(hash.a,bucket.c)
 *     high(hash.a,header.c)   bits(hash.a,7)   top(hash.a)
 */
#ifndef DB_PREDICT_H
#define DB_PREDICT_H

#include "trace/record/event.h"

enum prediction_op {
	PREDICT_NIL,
	PREDICT_LAST,
	PREDICT_NEXT,
	PREDICT_BACK,
	PREDICT_LOW,
	PREDICT_HIGH,
	PREDICT_BITS,
	PREDICT_TOP
};

struct prediction {
	uint8_t op;           /* enum prediction_op */
	uint8_t arg, arg2;    /* of kind and kind2: 0..EVENT_ARGS-1; of BITS arg2 is the number of bits */
	uint16_t kind, kind2; /* rows of struct context */
};

enum {
	KIND_CODES = 256,                      /* kinds in one trace */
	CONTEXT_KINDS = EV_LIMIT + KIND_CODES, /* those that this program knows, then a trace's codes */
};

/* What numbers are predicted from: the newest ones in the chunk. */
struct context {
	uint64_t last[CONTEXT_KINDS][EVENT_ARGS];
};

/* The number expected.  false: nothing is, it is stored as it is.  Inlined with a constant *p it is a few
 * instructions. */
static inline __attribute__((always_inline)) bool predict(
	const struct context *x, const struct prediction *p, uint64_t *ret)
{
	uint64_t v = x->last[p->kind][p->arg];
	unsigned n = (unsigned)(p->op == PREDICT_BITS ? p->arg2 : x->last[p->kind2][p->arg2]) & 63;
	switch (p->op) {
	case PREDICT_LAST: *ret = v; return true;
	case PREDICT_NEXT: *ret = v + 1; return true;
	case PREDICT_BACK: *ret = v - 1; return true;
	case PREDICT_LOW:
	case PREDICT_BITS: *ret = v & ((UINT64_C(1) << n) - 1); return true;
	case PREDICT_HIGH: *ret = v >> n; return true;
	case PREDICT_TOP: *ret = v >> 56 < 5 ? (v >> 56) + 5 : v >> 56; return true;
	default: return false;
	}
}

/* The predictions of the kinds that this program knows. */
#define NIL \
	{ \
		PREDICT_NIL, 0, 0, 0, 0 \
	}
#define LAST(KIND, x) \
	{ \
		PREDICT_LAST, PREDICT_ARG_##x, 0, EV_##KIND, 0 \
	}
#define NEXT(KIND, x) \
	{ \
		PREDICT_NEXT, PREDICT_ARG_##x, 0, EV_##KIND, 0 \
	}
#define BACK(KIND, x) \
	{ \
		PREDICT_BACK, PREDICT_ARG_##x, 0, EV_##KIND, 0 \
	}
#define LOW(KIND, x, KIND2, y) \
	{ \
		PREDICT_LOW, PREDICT_ARG_##x, PREDICT_ARG_##y, EV_##KIND, EV_##KIND2 \
	}
#define HIGH(KIND, x, KIND2, y) \
	{ \
		PREDICT_HIGH, PREDICT_ARG_##x, PREDICT_ARG_##y, EV_##KIND, EV_##KIND2 \
	}
#define BITS(KIND, x, n) \
	{ \
		PREDICT_BITS, PREDICT_ARG_##x, n, EV_##KIND, 0 \
	}
#define TOP(KIND, x) \
	{ \
		PREDICT_TOP, PREDICT_ARG_##x, 0, EV_##KIND, 0 \
	}
#define PREDICTIONS(...) \
	{ \
		__VA_ARGS__ \
	}
enum { PREDICT_ARG_a, PREDICT_ARG_b, PREDICT_ARG_c, PREDICT_ARG_d, PREDICT_ARG_e, PREDICT_ARG_f };
static const struct prediction own_predictions[EV_COUNT][EVENT_ARGS] = {
#define EVENT(name, NAME, place, fields, role, args, shown, predictions, of, sentence) \
	[EV_##NAME] = PREDICTIONS predictions,
#include "trace/record/events.def"
#undef EVENT
};
#undef NIL
#undef LAST
#undef NEXT
#undef BACK
#undef LOW
#undef HIGH
#undef BITS
#undef TOP
#undef PREDICTIONS

#endif
