/* What the events of a classic map say of tophash; see ui/pass/false_positives.h. */
#include "ui/scene/classic/classic.h"
#include "ui/pass/false_positives.h"

static struct kind_set kinds(void)
{
	return KINDS(EV_TOPHASH, EV_KEY);
}

static enum control_news news(const struct event *e)
{
	if (e->kind == EV_KEY)
		return e->b ? CONTROL_KEY_EQUAL : CONTROL_KEY_DIFFERS;
	if (e->kind != EV_TOPHASH || !e->b) /* no tophash is wanted where keys are compared at once */
		return CONTROL_NOTHING;
	return e->d == TOP_EQUAL ? CONTROL_EQUAL : e->d == TOP_DIFFERS ? CONTROL_DIFFERS : CONTROL_FREE;
}

const struct control_kind classic_controls = { kinds, news };
