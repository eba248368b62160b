/* What predict asks of a classic map: bucket, tophash, slot, growth, half; see ui/scene/prediction.h. */
#include "ui/scene/classic/predict.h"
#include "ui/scene/classic/classic.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- finding a question ---- */

static bool wanted(const struct prediction_search *p, enum predict_sort sort)
{
	return p->wanted >> sort & 1;
}

static bool found(struct prediction *ret, enum predict_sort sort, uint64_t at, uint64_t reveal)
{
	ret->sort = sort;
	ret->at = at;
	ret->reveal = reveal;
	ret->letters = "";
	ret->most = UINT64_MAX;
	return true;
}

static bool found_number(struct prediction *ret, int base, uint64_t most, uint64_t answer)
{
	ret->base = base;
	ret->most = most;
	snprintf(ret->answer, sizeof ret->answer, base == 16 ? "%02" PRIx64 : "%" PRIu64, answer);
	return true;
}

static bool found_letter(struct prediction *ret, const char *letters, char answer)
{
	ret->letters = letters;
	ret->answer[0] = answer;
	return true;
}

/* The operation's own key is hashed: its tophash, or its bucket. */
static bool find_hash(const struct prediction_search *p, struct prediction *ret)
{
	bool top_first = p->asked[PREDICT_TOP] < p->asked[PREDICT_BUCKET];
	uint64_t shown;
	const struct event *e = prediction_next(p, EV_BUCKET, -1, EV_GROWTH, &shown);
	if (!e)
		return false;
	bool chosen_new = e->c > 0 && !e->b;
	if (wanted(p, PREDICT_TOP) && (top_first || !chosen_new))
		return found(ret, PREDICT_TOP, p->step, shown) &&
			found_number(ret, 16, 0xff, p->event.c & 0xff);
	return wanted(p, PREDICT_BUCKET) && chosen_new && found(ret, PREDICT_BUCKET, p->step, shown) &&
		found_number(ret, 10, UINT64_MAX, e->a);
}

/* A put ends in some slot; a get or del may find none. */
static bool find_slot(const struct prediction_search *p, struct prediction *ret)
{
	uint64_t shown;
	const struct event *e = prediction_next(p, EV_INSERT, EV_FOUND, EV_GROWTH, &shown);
	if (!e && p->op != OP_PUT)
		e = prediction_next(p, EV_ABSENT, -1, EV_GROWTH, &shown);
	if (!e || !wanted(p, PREDICT_SLOT) || !found(ret, PREDICT_SLOT, p->step, shown))
		return false;
	if (e->kind == EV_ABSENT)
		found_letter(ret, "n", 'n');
	else
		found_number(ret, 10, SLOTS - 1, e->a % SLOTS);
	ret->letters = p->op == OP_PUT ? "" : "n";
	ret->base = 10;
	ret->most = SLOTS - 1;
	return true;
}

/* Asked where it is not plain from afar: in the last quarter before the limit. */
static bool find_growth(const struct prediction_search *p, struct prediction *ret)
{
	uint64_t shown, count = p->event.a, limit = p->event.b;
	bool grows = prediction_next(p, EV_GROWTH, -1, EV_INSERT, &shown);
	if (!wanted(p, PREDICT_GROW) || p->step < 2 || (!grows && count * 4 < limit * 3))
		return false;
	return found(ret, PREDICT_GROW, p->step - 1, grows ? shown : p->step) &&
		found_letter(ret, "yn", grows ? 'y' : 'n');
}

/* B of the old array while it doubles, -1: it does not, so that there is no Y. */
static int doubling_B(const struct prediction_search *p)
{
	struct source *s = p->player->source;
	const struct growth_row *g;
	size_t n;
	if (s->growths(s, &g, &n) != 0)
		return -1;
	for (size_t i = n; i-- > 0;)
		if (g[i].map == p->event.map && g[i].first_step <= p->step)
			return g[i].new_B > g[i].old_B ? g[i].old_B : -1;
	return -1;
}

/* Not of a NaN: no bit of its hash decides, since that is another one each time. */
static bool find_half(const struct prediction_search *p, struct prediction *ret)
{
	int B = doubling_B(p);
	uint64_t shown;
	const struct event *e = prediction_next(p, EV_MOVE, -1, EV_TOPHASH, &shown);
	if (!e || B < 0 || (p->event.a >> B & 1) != (e->c != 0) || !wanted(p, PREDICT_HALF))
		return false;
	return found(ret, PREDICT_HALF, p->step, shown) && found_letter(ret, "xy", e->c ? 'y' : 'x');
}

static bool find(const struct prediction_search *p, struct prediction *ret)
{
	switch (p->event.kind) {
	case EV_HASH:
		return p->phase == PHASE_EVACUATE ? find_half(p, ret)
						  : p->phase == PHASE_LOOKUP && find_hash(p, ret);
	case EV_BUCKET:
		return (p->op == OP_PUT || p->op == OP_GET || p->op == OP_DEL) && p->phase == PHASE_LOOKUP &&
			find_slot(p, ret);
	case EV_CHECK: return find_growth(p, ret);
	default: return false;
	}
}

/* ---- bucket ---- */

#define WORDS(name) \
	static void name(const struct scene *s __attribute__((unused)), \
		const struct prediction *q __attribute__((unused)), char *out, size_t cap)

WORDS(ask_bucket)
{
	char operation[SCENE_TEXT * 2];
	operation_phrase(s, operation, sizeof operation);
	snprintf(out, cap, _("%s: the map has %s. Which one does this hash choose?"), operation,
		counted_buckets(array_buckets(&classic_of(s)->hmap, ARRAY_NEW)));
}

WORDS(hint_bucket)
{
	snprintf(out, cap,
		P_("B is %u: the low %u bit, the one at the right, is its number.",
			"B is %u: the low %u bits, those at the right, are its number.",
			classic_of(s)->hmap.B),
		classic_of(s)->hmap.B, classic_of(s)->hmap.B);
}

/* ---- tophash ---- */

WORDS(ask_top)
{
	char operation[SCENE_TEXT * 2];
	operation_phrase(s, operation, sizeof operation);
	snprintf(out, cap,
		classic_of(s)->type_ok &&
				(classic_of(s)->type.variant == VARIANT_FAST32 ||
					classic_of(s)->type.variant == VARIANT_FAST64)
			? _("%s: which tophash does this hash give? (two hex digits)")
			: _("%s: which tophash will be looked for? (two hex digits)"),
		operation);
}

WORDS(hint_top)
{
	snprintf(out, cap, "%s",
		_("The highest 8 bits, at the left; below 5 they would be a state, so 5 is added."));
}

/* ---- slot ---- */

WORDS(ask_slot)
{
	char operation[SCENE_TEXT * 2];
	operation_phrase(s, operation, sizeof operation);
	if (q->op == OP_PUT)
		snprintf(out, cap,
			_("%s: bucket %" PRIu64 " is chosen. Which slot, 0 to 7, will have the key?"),
			operation, classic_of(s)->chosen);
	else
		snprintf(out, cap,
			classic_of(s)->chosen_old ? _("%s: old bucket %" PRIu64
						      " is chosen. Which slot, 0 to 7, has the key? n: none")
						  : _("%s: bucket %" PRIu64
						      " is chosen. Which slot, 0 to 7, has the key? n: none"),
			operation, classic_of(s)->chosen);
}

WORDS(hint_slot)
{
	snprintf(out, cap, "%s",
		q->op != OP_PUT
			? _("Look for the tophash along the chain (right, left), then at the key; emptyRest ends it.")
			: _("The slot that has the key; else the first free one of the chain (right, left); all full: 0 of a new one."));
}

static const char *verdict_slot(const struct prediction *q)
{
	return q->answer[0] == 'n' ? _("in none") : q->answer;
}

/* The slot is looked for in the chain that has been chosen, whatever bucket was touched last. */
static bool look_slot(const struct scene *s, struct hold *ret)
{
	const struct classic_scene *c = classic_of(s);
	*ret = (struct hold){ true, c->chosen_old ? ARRAY_OLD : ARRAY_NEW, c->chosen, 0, -1 };
	return c->chosen_known;
}

/* ---- growth ---- */

WORDS(ask_growth)
{
	char operation[SCENE_TEXT * 2];
	operation_phrase(s, operation, sizeof operation);
	snprintf(out, cap, _("%s: the key is new. Does the map grow first?"), operation);
}

WORDS(choose_growth)
{
	snprintf(out, cap, "%s", _("y) yes    n) no"));
}

WORDS(hint_growth)
{
	snprintf(out, cap, _("More than 6.5 x %" PRIu64 " keys with it, and more than 8? Or at least %s?"),
		array_buckets(&classic_of(s)->hmap, ARRAY_NEW),
		counted("%" PRIu64 " overflow bucket", "%" PRIu64 " overflow buckets",
			UINT64_C(1) << (classic_of(s)->hmap.B < 15 ? classic_of(s)->hmap.B : 15)));
}

static const char *verdict_growth(const struct prediction *q)
{
	return q->answer[0] == 'y' ? _("it grows") : _("it does not grow");
}

/* ---- half ---- */

WORDS(ask_half)
{
	const char *quote = classic_of(s)->type.key.kind == GO_STRING && s->hash.of[0] != '"' ? "\"" : "";
	snprintf(out, cap, _("Old bucket %" PRIu64 " splits. Which way does %s%s%s go?"),
		classic_of(s)->evacuated, quote, s->hash.of, quote);
}

WORDS(choose_half)
{
	snprintf(out, cap, _("x) X, new bucket %" PRIu64 "    y) Y, new bucket %" PRIu64),
		classic_of(s)->evacuated, classic_of(s)->evacuated + newbit(s));
}

WORDS(hint_half)
{
	snprintf(out, cap, _("Bit %u of the hash, counted from 0 at the right: 0 is X, 1 is Y."),
		classic_of(s)->hmap.B ? classic_of(s)->hmap.B - 1 : 0);
}

static const char *verdict_half(const struct prediction *q)
{
	return q->answer[0] == 'y' ? "Y" : "X";
}

static bool half_is_plain(const struct scene *s)
{
	return !strstr(s->hash.of, "NaN");
}

/* ---- all of them ---- */

static const struct prediction_sort sorts[PREDICT_SORTS] = {
	[PREDICT_BUCKET] = { N_("bucket"), true, ask_bucket, hint_bucket, NULL, NULL, NULL, NULL },
	[PREDICT_TOP] = { N_("tophash"), true, ask_top, hint_top, NULL, NULL, NULL, NULL },
	[PREDICT_SLOT] = { N_("slot"), false, ask_slot, hint_slot, NULL, verdict_slot, NULL, look_slot },
	[PREDICT_GROW] = { N_("grows"), false, ask_growth, hint_growth, choose_growth, verdict_growth, NULL,
		NULL },
	[PREDICT_HALF] = { N_("X or Y"), true, ask_half, hint_half, choose_half, verdict_half, half_is_plain,
		NULL }
};
_Static_assert((int)PREDICT_SORTS <= PREDICTION_SORTS, "a classic map has more sorts of questions");

const struct explain_predictions classic_predictions = { PREDICT_SORTS, sorts, find };
