/* What an operation on a classic map cost; see ui/scene/cost.h. */
#include "ui/scene/classic/classic.h"
#include "ui/scene/cost.h"

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
