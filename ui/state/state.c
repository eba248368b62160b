/* What a replay is at; see state.h. */
#include "ui/state/state.h"

#include <stdarg.h>
#include <stdio.h>

enum { SPEED_STEPS = 11 };

void state_message(struct state *s, bool alarm, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	vsnprintf(s->message, sizeof s->message, format, ap);
	va_end(ap);
	s->alarm = alarm;
}

uint64_t state_op(struct state *s, uint64_t step)
{
	uint64_t op = 0;
	if (step && s->source->ops && s->source->operation_at(s->source, step, &op) != 0)
		state_message(s, true, "%s", s->source->error);
	return op;
}

uint64_t state_op_first_step(struct state *s, uint64_t op)
{
	struct operation row;
	if (op == 0)
		return 0;
	if (op > s->source->ops)
		return s->source->steps;
	if (s->source->operation(s->source, op, &row) != 0) {
		state_message(s, true, "%s", s->source->error);
		return s->step;
	}
	return row.first_step;
}

unsigned state_rate(const struct state *s, bool *ret_operations)
{
	*ret_operations = s->speed >= SPEED_STEPS;
	return *ret_operations ? 1u << (s->speed - SPEED_STEPS + 2) : 1u << s->speed;
}

bool state_count(struct state *s, int key)
{
	if (key < '0' || key > '9' || (key == '0' && !s->counting))
		return false;
	if (s->count < UINT64_MAX / 100)
		s->count = s->count * 10 + (uint64_t)(key - '0');
	s->counting = true;
	return true;
}
