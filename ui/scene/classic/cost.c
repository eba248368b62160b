/* What an operation on a classic map cost; see ui/scene/cost.h. */
#include "ui/scene/classic/classic.h"
#include "ui/scene/cost.h"
#include "ui/grid/text.h"

#include <inttypes.h>

/* Growing: the work for the old buckets is not the operation's own. */
void classic_cost(struct op_cost *c, const struct event *e, enum phase phase)
{
	switch (e->kind) {
	case EV_TOPHASH: c->tophashes += phase != PHASE_EVACUATE; break;
	case EV_KEY: c->keys += phase != PHASE_EVACUATE; break;
	case EV_MOVE: c->moved += phase == PHASE_EVACUATE; break;
	case EV_BUCKET:
		c->bucket_known = true;
		c->bucket = e->a;
		c->bucket_old = e->b != 0;
		break;
	case EV_OVERFLOW:
		c->overflow++;
		c->overflow_depth = (unsigned)e->c;
		c->overflow_bucket = e->d;
		break;
	case EV_GROWTH:
		c->grew = true;
		c->old_B = e->b;
		c->new_B = e->c;
		break;
	default: break;
	}
}

void classic_result(struct builder *w, const struct op_cost *c)
{
	if (c->grew)
		builder_add(cost_part(w),
			c->old_B == c->new_B ? _("grows, same size") : _("grows to B %" PRIu64), c->new_B);
	if (c->moved)
		builder_add(cost_part(w), _("moves %u"), c->moved);
	if (c->overflow == 1 && !c->moved)
		builder_add(cost_part(w), _("overflow %" PRIu64 ".%u made"), c->overflow_bucket,
			c->overflow_depth);
	else if (c->overflow)
		builder_add(cost_part(w), _("%u overflow made"), c->overflow);
}
